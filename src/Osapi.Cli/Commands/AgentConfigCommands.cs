using System.CommandLine;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Cli.Connection;
using Osapi.Cli.Hosting;
using Osapi.Cli.Rendering;
using Osapi.Cli.Settings;
using Osapi.Operations;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi agent config check</c>: shows what the agent of this machine would deny, and why.</summary>
internal static class AgentConfigCommands
{
    private static readonly Argument<string[]> Operations = new("operation") { Description = "Operations; default: all operations of hosts", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string[]> Programs = new("--command") { Description = "Check a program that a command would run", HelpName = "program" };
    private static readonly Option<string[]> Paths = new("--path") { Description = "Check a file or directory", HelpName = "path" };
    private static readonly Option<string[]> Users = new("--user") { Description = "Check the owner of files", HelpName = "name" };
    private static readonly Option<string[]> Images = new("--image") { Description = "Check the name of an image; names that the engine has for it are not known here", HelpName = "image" };

    public static Command Create(ConnectionOptions connection)
    {
        Command check = new("check", "Show what this machine's agent denies whatever a controller sends, and why; fails when something named is denied") { Operations, Programs, Paths, Users, Images };
        check.Action = new CheckedAction((result, problems) =>
        {
            var configuration = connection.Configuration(result);
            var options = NodeConfiguration.Read(configuration, controller: false, agent: true, nats: false);
            configuration.Check();
            Host host = new() { Name = "agent", Restrictions = options.Agent!.Restrictions };
            var named = Named(result, host, problems);
            return _ => Task.FromResult(Print(named.Count > 0 ? named : All(host), configuration, fails: named.Count > 0));
        });
        return new("config", "The configuration of this machine's agent") { check };
    }

    private static IReadOnlyList<(string Subject, string? Denial)> All(Host host) =>
        [.. HostOperations().Select(id => (id, host.Restrictions.DenialOf(id)))];

    private static IReadOnlyList<(string Subject, string? Denial)> Named(ParseResult result, Host host, List<string> problems)
    {
        List<(string, string?)> rows = [];
        foreach (var id in result.GetValue(Operations) ?? [])
            if (!HostOperations().Contains(id))
                problems.Add($"there is no operation '{SettingReaders.Excerpt(id)}' of hosts{Suggestions.Hint(id, HostOperations())}");
            else
                rows.Add((id, host.Restrictions.DenialOf(id)));
        AddEach(Programs, program => host.RequireAllowed(new ProcessRequest(program, [])));
        AddEach(Paths, path => host.RequireAllowed(Path.GetFullPath(path)));
        AddEach(Users, user => host.RequireUserAllowed(Accounts.FindUser(user) ?? throw new OperationException(ErrorType.NotFound, "there is no such user on this host")));
        AddEach(Images, image => host.RequireImageAllowed(image, [image]));
        return rows;

        void AddEach(Option<string[]> option, Action<string> require)
        {
            foreach (var text in result.GetValue(option) ?? [])
                rows.Add((text, DenialOf(() => require(text))));
        }
    }

    private static string? DenialOf(Action require)
    {
        try
        {
            require();
            return null;
        }
        catch (OperationException denial)
        {
            return denial.Message;
        }
    }

    private static int Print(IReadOnlyList<(string Subject, string? Denial)> rows, Configuration configuration, bool fails)
    {
        Terminal.Out.Columns(rows.Select(row => (string[])[row.Subject, row.Denial is null ? "allowed" : "denied", row.Denial ?? ""]));
        foreach (var setting in RestrictionSettings.All)
            if (configuration.Given(setting) is { } given)
                Terminal.Out.Line($"{setting.Key}: {string.Join(", ", given.Texts.Select(text => text.Text).DefaultIfEmpty("nothing"))} ({given.Where})");
        return fails && rows.Any(row => row.Denial is not null) ? ExitCode.Failed : ExitCode.Ok;
    }

    private static IEnumerable<string> HostOperations() => OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host).Select(operation => operation.Id);
}
