using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.Settings;

/// <summary>Tests of the lists of an agent's configuration, and of their explanation.</summary>
public sealed class AgentConfigTests : CliTest
{
    private const string Lists = """
        agent:
          deny:
            operations: [command.shell.*]
            paths: [/etc/shadow]
            images: [evil/*]
          allow:
            commands: [/usr/bin/true]
            users: [daemon]
        """;

    [Fact]
    public async Task Every_operation_is_listed_with_the_setting_that_denies_it()
    {
        fixture.File("osapi.yaml", Lists);

        var end = (await fixture.RunAsync("agent", "config", "check")).With(0);

        Assert.Matches(@"(?m)^node\.hostname\.get +allowed *$", end.Output);
        Assert.Matches(@"(?m)^command\.shell\.execute +denied +agent\.deny\.operations lists command\.shell\.\*$", end.Output);
        Assert.Contains($"agent.deny.operations: command.shell.* ({fixture.Directory}/osapi.yaml", end.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allowed", "node.load.get")]
    [InlineData("allowed", "--command", "true", "--path", "/etc/passwd", "--user", "daemon", "--image", "alpine")]
    [InlineData("denied", "--command", "cat")]
    [InlineData("denied", "--path", "/etc/shadow")]
    [InlineData("denied", "--path", "/usr/../etc/shadow")]
    [InlineData("denied", "--user", "root")]
    [InlineData("denied", "--image", "evil/app:1")]
    [InlineData("denied", "command.shell.execute", "node.load.get")]
    public async Task What_is_named_is_explained_and_a_denial_is_a_failure(string verdict, params string[] arguments)
    {
        fixture.File("osapi.yaml", Lists);

        var end = (await fixture.RunAsync(["agent", "config", "check", .. arguments])).With(verdict == "denied" ? 1 : 0);

        Assert.Equal(verdict == "denied", end.Output.Contains(" denied ", StringComparison.Ordinal));
        Assert.Equal(verdict == "denied", System.Text.RegularExpressions.Regex.IsMatch(end.Output, @"agent\.(allow|deny)\.\w+ (lists|does not list)|agent\.(allow|deny)\.\w+ lists|whom agent\.allow\.users does not list"));
    }

    [Fact]
    public async Task An_entry_that_covers_nothing_is_a_mistake_and_the_agent_does_not_start()
    {
        fixture.File("osapi.yaml", """
            agent:
              deny:
                operations: [command.shel.execute, "comand.*"]
                paths: [etc/shadow]
                users: ["a:b"]
                images: ["UPPER"]
              allow:
                commands: [true]
            """);

        foreach (var arguments in (string[][])[["agent", "config", "check"], ["start", "--listen", "http://127.0.0.1:0"]])
        {
            var end = (await fixture.RunAsync(arguments)).With(2);

            Assert.Contains("'command.shel.execute' covers no operation of hosts; did you mean 'command.shell.execute'?", end.Error, StringComparison.Ordinal);
            foreach (var part in (string[])["'comand.*' covers no operation", "'etc/shadow' is not an absolute path", "'a:b' is not the name or number of a user", "'UPPER' is not the name of an image", "'true' is not an absolute path"])
                Assert.Contains(part, end.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_denied_operation_fails_with_the_reason_for_every_caller()
    {
        fixture.File("osapi.yaml", Lists);
        await fixture.StartSystemAsync();

        var end = (await fixture.RunAsync("command", "shell", "--command", "id", "--target", "_any")).With(4);

        Assert.Contains("denied by the agent's configuration: agent.deny.operations lists command.shell.*", end.Output + end.Error, StringComparison.Ordinal);
    }
}
