using System.CommandLine;
using Osapi.Cli.Completion;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering.Lists;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Cli.Operations;

/// <summary>Creates a command for every operation of the catalog.</summary>
internal static class OperationCommands
{
    /// <summary>Adds the commands of all families.</summary>
    public static void AddTo(RootCommand root, OperationCatalog catalog, ConnectionOptions connection)
    {
        foreach (var operation in catalog.Where(operation => operation.HasCommand))
        {
            var words = CommandName.Of(operation, catalog);
            Command parent = root;
            foreach (var word in words.Take(words.Count - 1))
                parent = Child(parent, word, operation);
            parent.Subcommands.Add(Create(operation, words[^1], connection));
        }
    }

    private static Command Child(Command parent, string name, Operation operation)
    {
        if (parent.Subcommands.FirstOrDefault(command => command.Name == name) is { } known)
            return known;
        Command added = new(name, (name == operation.Family ? XmlDocs.Catalog.OfFamily(operation)?.TrimEnd('.') : null) ?? $"The {name} operations");
        parent.Subcommands.Add(added);
        return added;
    }

    // Its result has the members of an output that may be in the store.
    private static bool HasOutput(Operation operation) => operation.RunsOn == RunsOn.Host && operation.ResultInfo.Properties.Any(property => property.Name == "stdout_bytes");

    private static Command Create(Operation operation, string name, ConnectionOptions connection)
    {
        Command command = new(name, XmlDocs.Catalog.Of(operation));
        OperationOptions members = new(operation, command, XmlDocs.Catalog);
        Option<string> target = new("--target", "-T") { Description = "The hosts: _any, _all, a host name, or a label key:value", DefaultValueFactory = _ => "_any" };
        Option<bool> json = new("--json", "-j") { Description = "Print the unmodified JSON response" };
        Option<bool> check = new("--check") { Description = operation.RunsOn == RunsOn.Host ? "Show the changes that each host would make, without making them" : "Show the changes that would be made, without making them" };
        Option<string?> startWithin = new("--start-within") { Description = "Maximum time in seconds until a host starts the job, 1 to 3600; default: 10", HelpName = "seconds" };
        target.CompletionSources.Add(LiveValues.Targets);
        if (operation.RunsOn == RunsOn.Host)
        {
            command.Options.Add(target);
            command.Options.Add(startWithin);
        }

        if (operation.CanBeChecked)
            command.Options.Add(check);
        Option<bool> yes = new("--yes", "-y") { Description = "Change several hosts without asking on the terminal" };
        if (operation is { RunsOn: RunsOn.Host, Idempotency: not Idempotency.ReadOnly })
            command.Options.Add(yes);

        Option<bool> follow = new("--follow") { Description = "Print what the hosts write while they run, each line after the name of its host" };
        if (HasOutput(operation))
            command.Options.Add(follow);

        command.Options.Add(json);
        Option<string?> output = new("--output", "-o") { Description = "The form of the list: table (the columns that fit), wide (all), json, yaml, or name (one name or id a line); default: table", HelpName = string.Join('|', SnakeCaseName.All(typeof(ListOutput))) };
        output.CompletionSources.Add([.. SnakeCaseName.All(typeof(ListOutput))]);
        var isList = ListView.ItemsOf(operation) is not null;
        if (isList)
            command.Options.Add(output);

        command.Action = new CheckedAction((result, problems) =>
        {
            var settings = connection.Read(result, problems);
            var call = CommandLineCall.Read(
                operation, members.Read(result, problems), operation.RunsOn == RunsOn.Host ? result.GetValue(target) : null, result.GetValue(startWithin), result.GetValue(check), problems);
            var isFollowed = HasOutput(operation) && result.GetValue(follow);
            if (isFollowed && (result.GetValue(json) || result.GetValue(check)))
                problems.Add("--follow cannot be used with --json or --check");
            var list = isList ? ReadOutput(result.GetValue(output), problems) : ListOutput.Table;
            call = call is null ? null : call with { Follow = isFollowed, List = list, Yes = result.GetValue(yes) };
            return call is null ? null : cancellationToken => call.RunAsync(settings, result.GetValue(json) || list == ListOutput.Json, cancellationToken);
        });
        return command;
    }

    private static ListOutput ReadOutput(string? text, List<string> problems)
    {
        if (text is null)
            return ListOutput.Table;
        if (SnakeCaseName.Parse<ListOutput>(text) is { } known)
            return known;
        problems.Add($"--output '{text}' must be one of {string.Join(", ", SnakeCaseName.All(typeof(ListOutput)))}{Suggestions.Hint(text, SnakeCaseName.All(typeof(ListOutput)))}");
        return ListOutput.Table;
    }
}
