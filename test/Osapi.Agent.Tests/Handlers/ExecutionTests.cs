using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Osapi.Agent.Handlers;
using Osapi.Agent.Tests.Sample;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Handlers;

public sealed class ExecutionTests
{
    private readonly FakeTimeProvider time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static JsonElement Request { get; } = JsonElement.Parse("""{"name":"a"}""");

    [Fact]
    public async Task An_operation_without_a_handler_is_refused_by_name()
    {
        var entry = await Execution((work, _, _) => Done(work)).RunAsync("moon.land.execute", Request, Token);

        Assert.Equal((Outcome.Failed, ErrorType.Unsupported, "this agent does not know the operation moon.land.execute"), (entry.Outcome, entry.ErrorType, entry.Error));
    }

    [Theory]
    [InlineData("""{"name":"a","colour":"red"}""")]
    [InlineData("{}")]
    [InlineData("""{"name":null}""")]
    [InlineData("""{"name":"a","size":-1}""")]
    [InlineData("""{"name":7,"size":"x","y":1}""")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    public async Task A_request_that_is_not_fully_understood_is_refused_in_the_same_words_as_everywhere(string json)
    {
        var ran = false;

        var entry = await Execution((work, _, _) =>
        {
            ran = true;
            return Done(work);
        }).RunAsync(WorkOperations.Act.Id, JsonElement.Parse(json), Token);

        Assert.Equal((Outcome.Failed, ErrorType.Invalid), (entry.Outcome, entry.ErrorType));
        Assert.Equal(RequestBinder.Bind(WorkOperations.Act.RequestInfo, System.Text.Encoding.UTF8.GetBytes(json)).Text, entry.Error);
        Assert.False(ran);
    }

    [Fact]
    public async Task No_request_is_an_empty_one()
    {
        Assert.Equal(ErrorType.Invalid, (await Execution((work, _, _) => Done(work)).RunAsync(WorkOperations.Act.Id, null, Token)).ErrorType);
        Assert.Equal(ErrorType.Invalid, (await Execution((work, _, _) => Done(work)).RunAsync(WorkOperations.Act.Id, default(JsonElement), Token)).ErrorType);
        Assert.Equal(Outcome.Ok, (await new Execution(AgentHandlers.All, new() { Name = "a" }).RunAsync("node.uptime.get", null, Token)).Outcome);
    }

    [Theory]
    [InlineData(Idempotency.NonIdempotent, false, true)]
    [InlineData(Idempotency.NonIdempotent, true, true)]
    [InlineData(Idempotency.Idempotent, false, false)]
    [InlineData(Idempotency.Idempotent, true, true)]
    [InlineData(Idempotency.ReadOnly, false, false)]
    [InlineData(Idempotency.ReadOnly, true, false)]
    public async Task Whether_the_host_changed_follows_from_the_kind_of_operation(Idempotency kind, bool said, bool changed)
    {
        var execution = Execution((work, _, _) => Task.FromResult<Answer<WorkDone>>(new WorkDone(work.Name, said)));

        var entry = await execution.RunAsync(Operation(kind).Id, Request, Token);

        Assert.Equal((Outcome.Ok, changed, "host"), (entry.Outcome, entry.Changed, entry.Hostname));
    }

    [Theory]
    [InlineData(Idempotency.NonIdempotent)]
    [InlineData(Idempotency.Idempotent)]
    [InlineData(Idempotency.ReadOnly)]
    public async Task What_was_skipped_changed_nothing(Idempotency kind)
    {
        var entry = await Execution((_, _, _) => Task.FromResult(Answer<WorkDone>.Skipped("not here"))).RunAsync(Operation(kind).Id, Request, Token);

        Assert.Equal((Outcome.Skipped, false, "not here", null), (entry.Outcome, entry.Changed, entry.Error, entry.ErrorType));
    }

    [Fact]
    public async Task A_failure_may_have_a_result()
    {
        var entry = await Execution((work, _, _) => Task.FromResult(Answer<WorkDone>.Failed(new(work.Name, true, "output"), "exit code 3", ErrorType.Conflict)))
            .RunAsync(WorkOperations.Act.Id, Request, Token);

        Assert.Equal((Outcome.Failed, true, "exit code 3", ErrorType.Conflict), (entry.Outcome, entry.Changed, entry.Error, entry.ErrorType));
        Assert.Equal("output", entry.Result!.Value.GetProperty("output").GetString());
    }

    [Fact]
    public async Task A_handler_that_gives_nothing_has_failed()
    {
        var entry = await Execution((_, _, _) => Task.FromResult(default(Answer<WorkDone>))).RunAsync(WorkOperations.Act.Id, Request, Token);

        Assert.Equal((Outcome.Failed, "work.act.execute gave no result"), (entry.Outcome, entry.Error));
    }

    [Fact]
    public async Task An_operation_exception_keeps_its_kind_and_text()
    {
        var entry = await Execution((_, _, _) => throw new OperationException(ErrorType.NotFound, "there is no such thing")).RunAsync(WorkOperations.Act.Id, Request, Token);

        Assert.Equal((Outcome.Failed, ErrorType.NotFound, "there is no such thing"), (entry.Outcome, entry.ErrorType, entry.Error));
    }

    [Theory]
    [InlineData("the cable is loose", "work.act.execute failed: the cable is loose")]
    [InlineData(" ", "work.act.execute failed: IOException")]
    public async Task Any_other_exception_becomes_text(string message, string expected)
    {
        var entry = await Execution(async (_, _, _) =>
        {
            await Task.Yield();
            throw new IOException(message);
        }).RunAsync(WorkOperations.Act.Id, Request, Token);

        Assert.Equal((Outcome.Failed, ErrorType.Failed, expected), (entry.Outcome, entry.ErrorType, entry.Error));
    }

    [Fact]
    public async Task Text_that_is_not_unicode_still_makes_an_entry()
    {
        var entry = await Execution((_, _, _) => throw new IOException("odd \ud800 text")).RunAsync(WorkOperations.Act.Id, Request, Token);

        Assert.Contains("odd", System.Text.Encoding.UTF8.GetString(JobEntries.Bytes(entry)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_takes_too_long_is_stopped_and_timed_out()
    {
        var (execution, began) = Waiting(stubborn: false);
        var run = execution.RunAsync(WorkOperations.Act.Id, Request, Token);
        await began;
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(run.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(1));

        var entry = await run;
        Assert.Equal((Outcome.Failed, ErrorType.Timeout, "timed out after 60 s"), (entry.Outcome, entry.ErrorType, entry.Error));
    }

    [Fact]
    public async Task A_handler_that_is_cancelled_says_so()
    {
        var (execution, began) = Waiting(stubborn: false);
        using CancellationTokenSource cancel = new();
        var run = execution.RunAsync(WorkOperations.Act.Id, Request, cancel.Token);
        await began;

        await cancel.CancelAsync();

        var entry = await run;
        Assert.Equal((Outcome.Cancelled, ErrorType.Cancelled), (entry.Outcome, entry.ErrorType));
    }

    [Theory]
    [InlineData(true, "it was cancelled and had not stopped 5 s later; it may still be at work")]
    [InlineData(false, "it timed out after 60 s and had not stopped 5 s later; it may still be at work")]
    public async Task A_handler_that_does_not_stop_is_left_behind(bool cancelled, string expected)
    {
        var (execution, began) = Waiting(stubborn: true);
        using CancellationTokenSource cancel = new();
        var run = execution.RunAsync(WorkOperations.Act.Id, Request, cancel.Token);
        await began;
        if (cancelled)
            await cancel.CancelAsync();
        else
            time.Advance(TimeSpan.FromMinutes(1));

        // The patience begins on another thread; the clock moves until it is over.
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var entry = await run;
        Assert.Equal((Outcome.Unknown, ErrorType.Unknown, expected), (entry.Outcome, entry.ErrorType, entry.Error));
    }

    [Fact]
    public async Task A_result_that_comes_in_spite_of_a_cancel_is_the_result()
    {
        TaskCompletionSource began = new();
        using CancellationTokenSource cancel = new();
        var run = Execution(async (work, _, cancellationToken) =>
        {
            began.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new WorkDone(work.Name, true);
        }).RunAsync(WorkOperations.Act.Id, Request, cancel.Token);
        await began.Task;

        await cancel.CancelAsync();

        Assert.Equal(Outcome.Ok, (await run).Outcome);
    }

    [Fact]
    public async Task A_handler_that_gives_up_by_itself_was_neither_cancelled_nor_too_slow()
    {
        foreach (var exception in (Exception[])[new OperationCanceledException("gave up"), new TimeoutException("gave up")])
        {
            var entry = await Execution((_, _, _) => throw exception).RunAsync(WorkOperations.Act.Id, Request, Token);
            Assert.Equal((Outcome.Failed, ErrorType.Failed, "work.act.execute failed: gave up"), (entry.Outcome, entry.ErrorType, entry.Error));
        }
    }

    private (Execution Execution, Task Began) Waiting(bool stubborn)
    {
        TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Execution(async (work, _, cancellationToken) =>
        {
            began.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stubborn ? Token : cancellationToken);
            return new WorkDone(work.Name, true);
        }), began.Task);
    }

    private Execution Execution(Handler<Work, WorkDone> handler) => new(
        new() { { WorkOperations.Act, handler }, { WorkOperations.Ensure, handler }, { WorkOperations.Look, handler } },
        new() { Name = "host", Time = time });

    private static Task<Answer<WorkDone>> Done(Work work) => Task.FromResult<Answer<WorkDone>>(new WorkDone(work.Name, true));

    private static Operation Operation(Idempotency kind) => kind switch
    {
        Idempotency.NonIdempotent => WorkOperations.Act,
        Idempotency.Idempotent => WorkOperations.Ensure,
        _ => WorkOperations.Look,
    };
}
