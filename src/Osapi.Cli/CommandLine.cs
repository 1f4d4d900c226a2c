using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Osapi.Cli.Commands;
using Osapi.Cli.Completion;
using Osapi.Cli.Connection;
using Osapi.Cli.Operations;
using Osapi.Cli.Rendering;
using Osapi.Controller;
using Osapi.Operations;

namespace Osapi.Cli;

/// <summary>Creates the command line with all commands.</summary>
internal static class CommandLine
{
    public static RootCommand Create(OperationCatalog catalog)
    {
        ConnectionOptions connection = new();
        RootCommand root = new("Manages Linux hosts: plans, operations, and the system that runs them.");
        connection.AddTo(root);
        root.Options.OfType<VersionOption>().Single().Action = new PrintVersion();
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new OwnHelp((HelpAction)help.Action!);
        root.Subcommands.Add(RunCommand.Create(connection));
        root.Subcommands.Add(ApplyCommand.Create(connection));
        root.Subcommands.Add(PlanCommands.Create(connection));
        StartCommands.AddTo(root, connection);
        root.Subcommands.Add(ConfigCommands.Create(connection));
        root.Subcommands.Add(TokenCommands.Create(connection));
        root.Subcommands.Add(NatsCommands.Create(connection));
        root.Subcommands.Add(OperationsCommand.Create());
        root.Subcommands.Add(OpenApiCommand.Create());
        root.Subcommands.Add(CompletionCommands.Create(root, connection));
        root.Subcommands.Add(HelpCommand.Create(root));
        root.Subcommands.Add(ManCommand.Create(root));
        root.Subcommands.Add(LicensesCommand.Create());
        root.Subcommands.Add(new Command("version", "Print the version") { Action = new PrintVersion() });
        OperationCommands.AddTo(root, catalog, connection);
        if (root.Subcommands.FirstOrDefault(command => command.Name == "file") is { } file)
            FileDownloadCommand.AddTo(file, connection);
        if (root.Subcommands.FirstOrDefault(command => command.Name == "audit") is { } audit)
        {
            audit.Subcommands.Add(AuditExportCommand.Create(connection));
            audit.Subcommands.Add(AuditVerifyCommand.Create(connection));
        }

        if (root.Subcommands.FirstOrDefault(command => command.Name == RunCommand.Name) is { } run)
            RunCommands.AddTo(run, connection);
        if (root.Subcommands.FirstOrDefault(command => command.Name == "job") is { } job)
        {
            job.Subcommands.Add(JobOutputCommand.Create(connection));
            job.Subcommands.Add(JobWatchCommand.Create(connection));
        }

        return root;
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            Terminal.Out.Line($"osapi {ProductVersion.Text}");
            return ExitCode.Ok;
        }
    }
}
