using System.CommandLine;
using Osapi.Cli.Manual;
using Osapi.Cli.Settings;
using Osapi.Operations;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi man</c>: writes the manual pages, for packages and for machines without one.</summary>
internal static class ManCommand
{
    public static Command Create(RootCommand root)
    {
        Argument<string> directory = new("directory") { Description = "The directory of the manual, such as /usr/local/share/man; the pages go to man1 and man5 in it" };
        Command command = new("man", "Write the manual pages of all commands and of the configuration file") { directory };
        command.SetAction(result =>
        {
            var path = result.GetValue(directory)!;
            try
            {
                var commands = Directory.CreateDirectory(Path.Combine(path, "man1")).FullName;
                foreach (var (name, page) in ManualPages.Create(root, OperationCatalog.Default))
                    File.WriteAllText(Path.Combine(commands, $"{name}.1"), page.ToString());
                var files = Directory.CreateDirectory(Path.Combine(path, "man5")).FullName;
                File.WriteAllText(Path.Combine(files, "osapi.yaml.5"), ConfigurationPage.Create(SettingTable.All).ToString());
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new CommandException(ExitCode.Failed, $"the manual pages cannot be written: {exception.Message}");
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
