using System.CommandLine;
using Osapi.Cli.Operations;
using Osapi.Cli.Settings;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Cli.Manual;

/// <summary>The manual pages of the commands: <c>osapi(1)</c>, and one for each command below it with everything that it has.</summary>
internal static class ManualPages
{
    private static readonly IReadOnlyList<(int Code, string Meaning)> ExitCodes =
    [
        (ExitCode.Ok, "Everything that was requested was done, or skipped."),
        (ExitCode.Failed, "The request was executed and failed on a host, in a task or on the controller."),
        (ExitCode.BadInput, "The command line, a plan file or a request is not valid."),
        (ExitCode.Unreachable, "The controller cannot be reached, or the system cannot start."),
        (ExitCode.NotPermitted, "There is no valid token, it does not permit the call, or the agent of the only host denies it."),
        (ExitCode.WouldChange, "A check with --exit-code: something would change, or this cannot be predicted."),
        (ExitCode.DeadlinePassed, "The deadline of the plan passed before its last task had ended."),
        (ExitCode.OutputLost, "Everything was done, but the answer could not be written."),
        (ExitCode.InternalError, "An internal error."),
        (ExitCode.Cancelled, "Interrupted by Ctrl-C or SIGTERM."),
        (ExitCode.ReaderGone, "The reader of a command that only writes went away."),
    ];

    /// <summary>Returns the pages, with their names.</summary>
    public static IEnumerable<(string Name, RoffPage Page)> Create(RootCommand root, OperationCatalog catalog)
    {
        yield return ("osapi", Overview(root));
        var operations = catalog.Where(operation => operation.HasCommand).ToDictionary(operation => string.Join(' ', CommandName.Of(operation, catalog)));
        foreach (var command in Shown(root))
        {
            RoffPage page = new($"osapi-{command.Name}", 1, OneLine(command));
            page.Section("SYNOPSIS");
            foreach (var (path, leaf) in Leaves(command, command.Name))
                page.CommandLine(Usage(path, leaf));
            page.Section("COMMANDS");
            foreach (var (path, leaf) in Leaves(command, command.Name))
                Describe(page, path, leaf, operations.GetValueOrDefault(path));
            page.Section("SEE ALSO");
            page.Paragraph("osapi(1), with the options of every command and the exit codes; osapi.yaml(5)");
            yield return ($"osapi-{command.Name}", page);
        }
    }

    private static RoffPage Overview(RootCommand root)
    {
        RoffPage page = new("osapi", 1, "manage Linux hosts");
        page.Section("SYNOPSIS");
        page.CommandLine("osapi COMMAND [OPTIONS]");
        page.Section("DESCRIPTION");
        page.Paragraph(root.Description!);
        page.Section("OPTIONS");
        Options(page, root);
        page.Section("COMMANDS");
        foreach (var command in Shown(root))
            page.Term($"osapi-{command.Name}(1)", OneLine(command) + ".");
        page.Section("EXIT STATUS");
        foreach (var (code, meaning) in ExitCodes)
            page.Term(code.ToString(System.Globalization.CultureInfo.InvariantCulture), meaning);
        page.Section("FILES");
        page.Term(ConfigurationFile.DefaultPath, "The configuration of services and commands: osapi.yaml(5).");
        page.Term("/var/lib/osapi", "The state of a controller, and of osapi start.");
        page.Term("/var/lib/osapi-agent", "The state of an agent in a fleet, where the unit osapi-agent runs it.");
        page.Section("SEE ALSO");
        page.Paragraph("osapi.yaml(5), systemctl(1)");
        return page;
    }

    private static void Describe(RoffPage page, string path, Command command, Operation? operation)
    {
        page.Subsection($"osapi {path}");
        page.Paragraph(command.Description ?? "");
        foreach (var argument in command.Arguments.Where(argument => !argument.Hidden))
            page.Term($"<{argument.Name}>", argument.Description ?? "");
        Options(page, command);
        if (operation is not null)
            page.Paragraph($"Operation {operation.Id}, {SnakeCaseName.Of(operation.Idempotency).Replace('_', ' ')}; needs the permission {operation.Permission}; {operation.Route}.");
    }

    private static void Options(RoffPage page, Command command)
    {
        foreach (var option in command.Options.Where(option => !option.Hidden && (command is RootCommand || option is not System.CommandLine.Help.HelpOption)))
        {
            var names = string.Join(", ", option.Aliases.Where(alias => alias.StartsWith('-')).OrderBy(alias => alias.Length).Append(option.Name));
            page.Term(option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0 ? names : $"{names} <{option.HelpName ?? option.Name.TrimStart('-')}>", option.Description ?? "");
        }
    }

    // A command that has commands and an action of its own, as osapi run has, is a leaf, too.
    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path)
    {
        if (command.Action is not null || command.Subcommands.Count == 0)
            yield return (path, command);
        foreach (var leaf in Shown(command).SelectMany(below => Leaves(below, $"{path} {below.Name}")))
            yield return leaf;
    }

    private static IEnumerable<Command> Shown(Command command) => command.Subcommands.Where(below => !below.Hidden);

    private static string Usage(string path, Command command) =>
        $"osapi {path}{string.Concat(command.Arguments.Where(argument => !argument.Hidden).Select(argument => argument.Arity.MinimumNumberOfValues > 0 ? $" <{argument.Name}>" : $" [{argument.Name}]"))}{(command.Options.Any(option => !option.Hidden) ? " [options]" : "")}";

    private static string OneLine(Command command) => (command.Description ?? command.Name).Split(". ", 2)[0].TrimEnd('.');
}
