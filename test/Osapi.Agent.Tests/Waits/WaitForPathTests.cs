using System.Diagnostics;
using System.Text.Json;
using Osapi.Agent.Tests.Files;
using Osapi.Operations;
using Osapi.Operations.Waits;

namespace Osapi.Agent.Tests.Waits;

/// <summary>Tests of waiting for paths.</summary>
public sealed class WaitForPathTests : FileTest
{
    [Fact]
    public async Task A_file_that_appears_later_is_waited_for_with_the_directories_above_it()
    {
        var waiting = WaitAsync(new() { Path = fixture.PathOf("a/b/ready"), Timeout = 3600 });
        fixture.Write("written", "yes");
        Directory.CreateDirectory(fixture.PathOf("a/b"));
        // In one step: an empty file would be there, too.
        File.Move(fixture.PathOf("written"), fixture.PathOf("a/b/ready"));

        Assert.Equal((PathState.Present, 3), (Result(await waiting).State, Result(await waiting).Size));
    }

    [Fact]
    public async Task A_file_that_disappears_later_is_waited_for()
    {
        fixture.Write("lock", "");
        var waiting = WaitAsync(new() { Path = fixture.PathOf("lock"), State = PathState.Absent, Timeout = 3600 });
        File.Delete(fixture.PathOf("lock"));

        Assert.Equal((PathState.Absent, null), (Result(await waiting).State, Result(await waiting).Size));
    }

    [Fact]
    public async Task A_text_is_waited_for_also_over_a_link()
    {
        fixture.Write("log", "starting\n");
        File.CreateSymbolicLink(fixture.PathOf("current"), "log");
        WaitForPath request = new() { Path = fixture.PathOf("current"), Contains = "^ready in \\d+ s$", Timeout = 1 };

        var early = await WaitAsync(request);
        fixture.Write("log", "starting\nready in 3 s\n");
        var late = Result(await WaitAsync(request));

        Assert.Equal(ErrorType.Timeout, early.ErrorType);
        Assert.StartsWith($"{fixture.PathOf("current")} is not as it should be after 1 s and ", early.Error, StringComparison.Ordinal);
        Assert.Equal(22, late.Size);
    }

    [Fact]
    public async Task Another_kind_is_not_what_is_waited_for()
    {
        Directory.CreateDirectory(fixture.PathOf("socket"));

        var reply = await WaitAsync(new() { Path = fixture.PathOf("socket"), Type = PathKind.Socket, Timeout = 1 });
        var directory = Result(await WaitAsync(new() { Path = fixture.PathOf("socket"), Type = PathKind.Directory, Timeout = 1 }));

        Assert.EndsWith("there is a directory", reply.Error, StringComparison.Ordinal);
        Assert.Equal(1, directory.Attempts);
    }

    [Fact]
    public async Task A_pipe_that_nobody_writes_to_is_not_read()
    {
        Process.Start("mkfifo", fixture.PathOf("pipe")).WaitForExit();

        var reply = await WaitAsync(new() { Path = fixture.PathOf("pipe"), Contains = "x", Timeout = 1 });

        Assert.Contains("whose content is not read", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_not_everybody_may_read_is_searched_only_for_permitted_callers()
    {
        fixture.Write("secret", "password\n");
        File.SetUnixFileMode(fixture.PathOf("secret"), UnixFileMode.UserRead);
        WaitForPath request = new() { Path = fixture.PathOf("secret"), Contains = "password", Timeout = 1 };

        var refused = await WaitAsync(request);
        var found = await fixture.RunWithContentAsync(WaitOperations.Path, request);

        Assert.Equal((ErrorType.Denied, Outcome.Ok), (refused.ErrorType, found.Outcome));
        Assert.Contains("the permission file:content is required", refused.Error, StringComparison.Ordinal);
        Assert.Equal(Outcome.Ok, (await WaitAsync(request with { Contains = null })).Outcome);
    }

    [Fact]
    public async Task A_path_that_the_agent_denies_is_not_looked_at()
    {
        fixture.Restrictions = new() { Deny = new() { Paths = [fixture.PathOf("closed")] } };

        Assert.Equal(ErrorType.Denied, (await WaitAsync(new() { Path = fixture.PathOf("closed/file"), Timeout = 1 })).ErrorType);
    }

    [Fact]
    public async Task A_large_file_is_not_searched()
    {
        using (var large = File.Create(fixture.PathOf("large")))
            large.SetLength(17 * 1024 * 1024);

        var reply = await WaitAsync(new() { Path = fixture.PathOf("large"), Contains = "x", Timeout = 60 });

        Assert.Equal((ErrorType.Conflict, "large is larger than 16 MiB, and is not searched"), (reply.ErrorType, reply.Error));
    }

    [Fact]
    public async Task A_check_tries_once()
    {
        var reply = await fixture.RunAsync(WaitOperations.Path, new() { Path = fixture.PathOf("ready"), Timeout = 60 }, check: true);

        Assert.Equal((ErrorType.Conflict, $"{fixture.PathOf("ready")} is not there at present: it does not exist"), (reply.ErrorType, reply.Error));
    }

    // Its time goes by as long as it waits.
    private async Task<HostReply> WaitAsync(WaitForPath request)
    {
        var waiting = fixture.RunAsync(WaitOperations.Path, request);
        while (await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken)) != waiting)
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
        return await waiting;
    }

    private static PathWaitResult Result(HostReply reply)
    {
        Assert.Equal((Outcome.Ok, null, false), (reply.Outcome, reply.Error, reply.Changed));
        return reply.Result!.Value.Deserialize(WaitOperations.Path.Result)!;
    }
}
