using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Handlers;

public sealed class ExecutionTests
{
    private readonly ExecutionFixture fixture = new();

    [Fact]
    public async Task A_result_becomes_an_entry_of_the_host()
    {
        var entry = await fixture.RunAsync(Acts.Look, (request, host, _) => Task.FromResult<HandlerResult<ActResult>>(new ActResult($"{request.Name} on {host.Name}")));

        Assert.Equal(("web-01", Outcome.Ok, null, null), (entry.Hostname, entry.Outcome, entry.Error, entry.ErrorType));
        Assert.Equal("""{"output":"x on web-01","changed":false}""", entry.Result?.GetRawText());
    }

    [Fact]
    public async Task A_handler_may_answer_with_a_bare_result()
    {
        HandlerTable table = new() { { Acts.Look, BareAsync } };

        var entry = await new OperationExecutor(table, new() { Name = "web-01" })
            .RunAsync("act.look.get", """{"name":"x"}"""u8.ToArray(), check: false, TestContext.Current.CancellationToken);

        Assert.Equal("bare x", entry.Result?.GetProperty("output").GetString());

        static Task<ActResult> BareAsync(Act request, Host host, CancellationToken cancellationToken) => Task.FromResult(new ActResult($"bare {request.Name}"));
    }

    [Fact]
    public async Task An_unknown_operation_is_unsupported()
    {
        var entry = await fixture.RunUnknownAsync();

        Assert.Equal((Outcome.Failed, ErrorType.Unsupported, "this agent does not know the operation act.gone.get"), (entry.Outcome, entry.ErrorType, entry.Error));
    }

    [Theory]
    [InlineData("""{"name":"x","nmae":"y"}""", "nmae is unknown; did you mean 'name'?")]
    [InlineData("""{}""", "name is required")]
    [InlineData("""{"name":1,"timeout":999}""", "name must be text; timeout must be between 0 and 300")]
    [InlineData("""[]""", "the request must be a JSON object")]
    public async Task A_request_is_bound_strictly_again_on_the_host(string request, string error)
    {
        var entry = await fixture.RunAsync(Acts.Run, (_, _, _) => throw new InvalidOperationException("it ran"), request);

        Assert.Equal((Outcome.Failed, ErrorType.Invalid, error, false), (entry.Outcome, entry.ErrorType, entry.Error, entry.Changed));
    }

    [Fact]
    public async Task A_doubled_member_is_refused_although_the_element_forgave_it()
    {
        var entry = await fixture.RunAsync(Acts.Run, (_, _, _) => throw new InvalidOperationException("it ran"), """{"name":"x","name":"y"}""");

        Assert.Equal(ErrorType.Invalid, entry.ErrorType);
    }

    [Fact]
    public async Task A_missing_request_is_one_without_members()
    {
        HandlerTable table = new() { { Acts.Look, (_, _, _) => Task.FromResult(new ActResult("")) } };

        var entry = await new OperationExecutor(table, new() { Name = "web-01" }).RunAsync("act.look.get", default, check: false, TestContext.Current.CancellationToken);

        Assert.Equal((ErrorType.Invalid, "name is required"), (entry.ErrorType, entry.Error));
    }

    [Fact]
    public async Task A_failure_may_have_a_result_beside_its_error()
    {
        var entry = await fixture.RunAsync(Acts.Run, () => HandlerResult<ActResult>.Failed(new("half of it"), "exit code 3"));

        Assert.Equal((Outcome.Failed, ErrorType.Failed, "exit code 3", true), (entry.Outcome, entry.ErrorType, entry.Error, entry.Changed));
        Assert.Equal("half of it", entry.Result?.GetProperty("output").GetString());
    }

    [Fact]
    public async Task A_skipped_operation_has_a_reason_and_changed_nothing()
    {
        var entry = await fixture.RunAsync(Acts.Run, () => HandlerResult<ActResult>.Skipped("nothing to do here"));

        Assert.Equal((Outcome.Skipped, null, "nothing to do here", false), (entry.Outcome, entry.ErrorType, entry.Error, entry.Changed));
        Assert.Null(entry.Result);
    }

    [Fact]
    public async Task An_operation_exception_keeps_its_type_and_message()
    {
        var entry = await fixture.RunAsync(Acts.Set, () => throw new OperationException(ErrorType.NotFound, "there is no user deploy"));

        Assert.Equal((Outcome.Failed, ErrorType.NotFound, "there is no user deploy"), (entry.Outcome, entry.ErrorType, entry.Error));
        Assert.Empty(fixture.UnexpectedExceptions);
    }

    [Fact]
    public async Task Any_other_exception_names_the_operation_and_the_cause_and_is_written_down()
    {
        var entry = await fixture.RunAsync(Acts.Look, () => throw new InvalidCastException("not\na number"));

        Assert.Equal((Outcome.Failed, ErrorType.Failed, "act.look.get failed: InvalidCastException: not a number"), (entry.Outcome, entry.ErrorType, entry.Error));
        Assert.IsType<InvalidCastException>(Assert.Single(fixture.UnexpectedExceptions));
    }

    [Fact]
    public async Task The_message_of_a_file_error_is_used_unchanged()
    {
        var entry = await fixture.RunAsync(Acts.Look, () => throw new IOException("No space left on device : '/etc/motd'"));

        Assert.Equal("act.look.get failed: No space left on device : '/etc/motd'", entry.Error);
    }

    [Fact]
    public async Task A_handler_that_answers_nothing_has_failed()
    {
        var entry = await fixture.RunAsync(Acts.Look, () => default);

        Assert.Equal((Outcome.Failed, "act.look.get failed: InvalidOperationException: the handler returned no result"), (entry.Outcome, entry.Error));
    }

    [Fact]
    public async Task A_handler_that_cancels_itself_is_neither_cancelled_nor_timed_out()
    {
        var entry = await fixture.RunAsync(Acts.Look, () => throw new OperationCanceledException("its own"));

        Assert.Equal((Outcome.Failed, ErrorType.Failed), (entry.Outcome, entry.ErrorType));
    }
}
