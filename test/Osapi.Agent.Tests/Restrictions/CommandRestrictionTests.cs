using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Tests.Command;
using Osapi.Operations;
using Osapi.Operations.Command;

namespace Osapi.Agent.Tests.Restrictions;

/// <summary>Tests of an agent whose configuration limits the programs of callers. The programs really run, or do not.</summary>
public sealed class CommandRestrictionTests : IDisposable
{
    private readonly CommandFixture files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task A_denied_program_is_denied_under_each_of_its_names()
    {
        File.CreateSymbolicLink(files.Path("other"), "/usr/bin/touch");
        AgentRestrictions denied = new() { Deny = new() { Commands = ["/bin/touch"] } };

        foreach (var program in (string[])["touch", "/usr/bin/touch", "/bin/touch", "/usr/bin/../bin/touch", files.Path("other")])
            await DeniedAsync(denied, new() { Command = program, Args = [files.Path("made")] });
        await DeniedAsync(denied, new() { Command = "./other", Args = [files.Path("made")], Cwd = files.Path() });
        await DeniedAsync(denied, new() { Command = "other", Args = [files.Path("made")], Env = new Dictionary<string, string> { ["PATH"] = files.Path() } });
        await DeniedAsync(new() { Deny = new() { Commands = ["/usr/bin/*"] } }, new() { Command = "touch", Args = [files.Path("made")] });

        Assert.False(File.Exists(files.Path("made")));
        await AllowedAsync(denied, new() { Command = "true" });
    }

    [Fact]
    public async Task With_a_list_of_denied_programs_a_shell_needs_to_be_allowed()
    {
        AgentRestrictions denied = new() { Deny = new() { Commands = ["/usr/bin/touch"] } };

        await DeniedAsync(denied, new ShellCommand { Command = $"touch {files.Path("made")}" });
        await DeniedAsync(denied, new ExecCommand { Command = "bash", Args = ["-c", $"touch {files.Path("made")}"] });
        await DeniedAsync(denied, new ExecCommand { Command = "true", Onlyif = $"touch {files.Path("made")}" });
        Assert.False(File.Exists(files.Path("made")));

        await AllowedAsync(denied with { Allow = new() { Commands = ["/bin/sh", "/usr/bin/true"] } }, new ExecCommand { Command = "true", Onlyif = "exit 0" });
    }

    [Fact]
    public async Task An_allow_list_denies_every_other_program()
    {
        AgentRestrictions allowed = new() { Allow = new() { Commands = ["/usr/bin/true"] } };

        await AllowedAsync(allowed, new() { Command = "true" });
        await AllowedAsync(allowed, new() { Command = "/bin/true" });
        await DeniedAsync(allowed, new() { Command = "touch", Args = [files.Path("made")] });
        await DeniedAsync(allowed, new ShellCommand { Command = "true" });
        await DeniedAsync(allowed, new() { Command = "true", Env = new Dictionary<string, string> { ["PATH"] = Copied("true", "/usr/bin/touch") } });
        Assert.False(File.Exists(files.Path("made")));
    }

    [Fact]
    public async Task A_link_that_an_allow_list_names_does_not_allow_its_targets_other_names()
    {
        File.CreateSymbolicLink(files.Path("allowed"), "/usr/bin/true");
        AgentRestrictions allowed = new() { Allow = new() { Commands = [files.Path("allowed")] } };

        await AllowedAsync(allowed, new() { Command = files.Path("allowed") });
        await DeniedAsync(allowed, new() { Command = "/usr/bin/true" });
    }

    [Fact]
    public async Task A_directory_of_programs_is_allowed_without_the_directories_below_it()
    {
        var directory = Copied("mine", "/usr/bin/true");
        Copied("below/mine", "/usr/bin/true");
        AgentRestrictions allowed = new() { Allow = new() { Commands = [directory + "/*"] } };

        await AllowedAsync(allowed, new() { Command = files.Path("mine") });
        await DeniedAsync(allowed, new() { Command = files.Path("below/mine") });
    }

    [Fact]
    public async Task Limited_paths_users_and_images_deny_commands_that_are_not_allowed()
    {
        foreach (var lists in (RestrictionLists[])[new() { Paths = ["/etc/shadow"] }, new() { Users = ["root"] }, new() { Images = ["alpine"] }])
        {
            foreach (var limits in (AgentRestrictions[])[new() { Deny = lists }, new() { Allow = lists }])
            {
                await DeniedAsync(limits, new() { Command = "cat", Args = ["/etc/shadow"] });
                await DeniedAsync(limits, new ShellCommand { Command = "cat /etc/shadow" });
            }

            await AllowedAsync(new() { Deny = lists, Allow = new() { Commands = ["/usr/bin/true"] } }, new() { Command = "true" });
        }
    }

    [Fact]
    public async Task The_directory_and_the_guards_of_a_command_are_paths()
    {
        AgentRestrictions limits = new() { Deny = new() { Paths = ["/etc"] }, Allow = new() { Commands = ["/usr/bin/true"] } };

        await DeniedAsync(limits, new() { Command = "true", Cwd = "/etc" });
        await DeniedAsync(limits, new() { Command = "true", Creates = "/etc/shadow" });
        await DeniedAsync(limits, new() { Command = "true", Removes = "../etc/shadow", Cwd = "/usr" });
        await AllowedAsync(limits, new() { Command = "true", Removes = "bin", Cwd = "/usr" });
    }

    private string Copied(string name, string program)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(files.Path(name))!);
        File.Copy(program, files.Path(name));
        return Path.GetDirectoryName(files.Path(name))!;
    }

    private static async Task DeniedAsync<T>(AgentRestrictions restrictions, T request)
        where T : CommandRequest
    {
        var entry = await RunAsync(restrictions, request);
        Assert.Equal((Outcome.Failed, ErrorType.Denied, false), (entry.Outcome, entry.ErrorType, entry.Changed));
        Assert.StartsWith("denied by the agent's configuration: ", entry.Error, StringComparison.Ordinal);
    }

    private static Task DeniedAsync(AgentRestrictions restrictions, ExecCommand request) => DeniedAsync<ExecCommand>(restrictions, request);

    private static async Task AllowedAsync(AgentRestrictions restrictions, ExecCommand request)
    {
        var entry = await RunAsync(restrictions, request);
        Assert.Equal((Outcome.Ok, null), (entry.Outcome, entry.Error));
    }

    private static async Task<HostReply> RunAsync<T>(AgentRestrictions restrictions, T request)
        where T : CommandRequest
    {
        using CommandFixture commands = new() { Host = new() { Name = "here", Restrictions = restrictions } };
        return request switch
        {
            ExecCommand exec => await commands.RunAsync(CommandOperations.Exec, exec),
            ShellCommand shell => await commands.RunAsync(CommandOperations.Shell, shell),
            _ => throw new InvalidOperationException("unknown command"),
        };
    }
}
