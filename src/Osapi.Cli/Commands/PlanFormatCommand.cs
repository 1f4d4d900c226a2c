using System.CommandLine;
using System.Text;
using Osapi.Cli.Rendering;
using Osapi.Cli.Yaml;
using Osapi.Plans.Formatting;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi plan fmt</c>: gives a plan file its canonical layout, or tells whether it has it.</summary>
internal static class PlanFormatCommand
{
    public static Command Create()
    {
        var file = PlanCommands.FileArgument();
        Option<bool> check = new("--check") { Description = "Change nothing; exit code 1 when the layout is another" };
        Command command = new("fmt", "Give a plan file its canonical layout; comments, quotes and the order of keys stay") { file, check };
        command.SetAction(result => Format(result.GetValue(file)!, result.GetValue(check)));
        return command;
    }

    private static int Format(string path, bool check)
    {
        SourceFiles sources = new();
        var document = sources.Load(path);
        if (document.Problems.Count > 0)
            throw CommandException.BadInput([], sources.Complete(path, document.Problems));
        var written = document.Source.ToString();
        if (PlanLayout.Of(document.Source) is not { } formatted)
            throw new CommandException(ExitCode.BadInput, $"{path} cannot be formatted without a change of its meaning; it stays as it is");
        if (path == "-" && !check)
            Terminal.Raw(formatted.TrimEnd('\n'));
        else if (formatted == written)
            return ExitCode.Ok;
        else if (!check)
            Write(path, formatted);
        if (path != "-")
            Terminal.Out.Line(path);
        return check && formatted != written ? ExitCode.Failed : ExitCode.Ok;
    }

    // A reader sees the old file or the new one. A link stays a link, and the mode stays.
    private static void Write(string path, string text)
    {
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        var temporary = $"{target}.{Path.GetRandomFileName()}";
        try
        {
            using (FileStream stream = new(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(target));
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new CommandException(ExitCode.Failed, $"{path} cannot be written: {exception.Message}");
        }
    }
}
