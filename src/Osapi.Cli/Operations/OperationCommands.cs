using System.CommandLine;
using Osapi.Cli.Connection;
using Osapi.Controller.OpenApi;
using Osapi.Operations;

namespace Osapi.Cli.Operations;

/// <summary>Creates a command for every operation of the catalog.</summary>
internal static class OperationCommands
{
    /// <summary>Adds the commands of all families.</summary>
    public static void AddTo(RootCommand root, OperationCatalog catalog, ConnectionOptions connection)
    {
        foreach (var operation in catalog)
        {
            var words = CommandName.Of(operation, catalog);
            Command parent = root;
            foreach (var word in words.Take(words.Count - 1))
                parent = Child(parent, word);
            parent.Subcommands.Add(Create(operation, words[^1], connection));
        }
    }

    private static Command Child(Command parent, string name)
    {
        if (parent.Subcommands.FirstOrDefault(command => command.Name == name) is { } known)
            return known;
        Command added = new(name, Families.GetValueOrDefault(name) ?? $"The {name} operations");
        parent.Subcommands.Add(added);
        return added;
    }

    private static Command Create(Operation operation, string name, ConnectionOptions connection)
    {
        Command command = new(name, OpenApiDocument.Docs.Of(operation));
        OperationOptions members = new(operation, command, OpenApiDocument.Docs);
        Option<string> target = new("--target", "-T") { Description = "The hosts: _any, _all, a host name, or a label key:value", DefaultValueFactory = _ => "_any" };
        Option<bool> json = new("--json", "-j") { Description = "Print the unmodified JSON response" };
        Option<bool> check = new("--check") { Description = operation.RunsOn == RunsOn.Host ? "Show the changes that each host would make, without making them" : "Show the changes that would be made, without making them" };
        Option<string?> startWithin = new("--start-within") { Description = "Maximum time in seconds until a host starts the job, 1 to 3600; default: 10", HelpName = "seconds" };
        if (operation.RunsOn == RunsOn.Host)
        {
            command.Options.Add(target);
            command.Options.Add(startWithin);
        }

        if (operation.CanBeChecked)
            command.Options.Add(check);

        command.Options.Add(json);
        command.Action = new CheckedAction((result, problems) =>
        {
            var settings = connection.Read(result, problems);
            var call = OperationCall.Read(
                operation, members.Read(result, problems), operation.RunsOn == RunsOn.Host ? result.GetValue(target) : null, result.GetValue(startWithin), result.GetValue(check), problems);
            return call is null ? null : cancellationToken => call.RunAsync(settings, result.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static readonly IReadOnlyDictionary<string, string> Families = new Dictionary<string, string>
    {
        ["health"] = "The health of the controller",
        ["agent"] = "Agents: list, inspect, drain and remove them",
        ["target"] = "Targets: the hosts that a call would reach",
        ["job"] = "Jobs: list, watch, cancel, retry and delete them",
        ["node"] = "Hosts: name, operating system, uptime, load, memory and disks",
        ["command"] = "Run commands on hosts",
        ["file"] = "Store files and deploy them to hosts",
        ["network"] = "Network settings and pings of hosts",
        ["docker"] = "Containers and images on hosts",
    };
}
