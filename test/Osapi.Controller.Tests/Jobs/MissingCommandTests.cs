using System.Net;
using Osapi.Controller.Jobs.Supervision;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of a store without atomic appends, which may have a job's record without its commands.</summary>
public sealed class MissingCommandTests() : ControllerTest(new ControllerSetup { HasBreakableConnection = true, Agents = [new("web-01")] })
{
    private readonly string id = $"{Guid.NewGuid()}";

    [Theory]
    [InlineData("web-01")]
    [InlineData("_any")]
    [InlineData("_all")]
    public async Task The_commands_are_appended_later_and_a_repeated_call_gets_the_answer(string target)
    {
        agent.AnswersOk();
        await BrokenOffAsync(target);

        var again = fixture.SendAsync("GET", $"/node/{target}/hostname", key: id);
        fixture.Time.Advance(CommandRepair.RepairDelay);

        Assert.Equal(["web-01 ok"], (await again).Assert2xx().Outcomes);
    }

    [Fact]
    public async Task Only_what_is_missing_is_appended()
    {
        await fixture.AgentAsync("web-02");
        await BrokenOffAsync("_all", breaksAt: "cmd.web-02");

        fixture.Time.Advance(CommandRepair.RepairDelay);
        await CommandsAsync(2);
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        var healthy = await fixture.SubmitAsync("_all");
        fixture.Time.Advance(CommandRepair.RepairDelay);

        var commands = await CommandsAsync(4);
        Assert.Equal([$"cmd.web-01.{id}", $"cmd.web-02.{id}", $"cmd.web-01.{healthy}", $"cmd.web-02.{healthy}"], commands.Select(command => command.Subject));
        // The late command has the remaining time.
        Assert.Equal([10.0, 8.0, 10.0, 10.0], commands.Select(command => JobJson.Command(command.Payload).StartWithin));
    }

    [Fact]
    public async Task A_job_that_the_broker_cannot_carry_is_refused_as_a_whole()
    {
        connection.MaxMessageSize = 200;

        var answer = await fixture.SendAsync("POST", "/node/web-01/command/exec", $$"""{"command":"cat","stdin":"{{new string('x', 1000)}}"}""", key: id);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("the broker accepts at most 200", answer.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.SendAsync("GET", $"/job/{id}")).Status);
        Assert.Empty(await fixture.Transport.Requests.ListAsync(fixture.TestTimeout));
    }

    [Fact]
    public async Task Failed_appends_are_retried()
    {
        await BrokenOffAsync("web-01");
        connection.Refuse = message => message.Stream == StreamName.Commands;
        fixture.Time.Advance(CommandRepair.RepairDelay);
        await fixture.WaitForLogLineAsync($"The commands of job {id} could not be completed");

        connection.Refuse = null;
        agent.AnswersOk();
        fixture.Time.Advance(TimeSpan.FromSeconds(1.1));

        Assert.Equal("completed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Jobs_found_after_their_deadline_expire_without_commands()
    {
        await BrokenOffAsync("web-01");
        await fixture.StopAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(11));
        await fixture.StartAsync();

        Assert.Equal("failed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
        Assert.Null(await fixture.Transport.LastAsync(StreamName.Commands, Subjects.Command(agent.Key, JobId.Parse(id)), fixture.TestTimeout));
    }

    [Fact]
    public async Task A_controller_that_restarts_in_time_completes_its_jobs()
    {
        await BrokenOffAsync("web-01");
        await fixture.StopAsync();
        await fixture.StartAsync();
        agent = await fixture.AgentAsync("web-01");
        agent.AnswersOk();

        fixture.Time.Advance(CommandRepair.RepairDelay);

        Assert.Equal("completed", (await fixture.WaitForEndAsync(id)).Json.GetProperty("status").GetString());
    }

    // The record is in the log, and the caller only knows that the store does not answer.
    private async Task BrokenOffAsync(string target, string? breaksAt = null)
    {
        connection.BreakAt = message => breaksAt is null ? message.Stream != StreamName.Jobs : message.Subject.StartsWith(breaksAt, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await fixture.SendAsync("GET", $"/node/{target}/hostname", key: id)).Status);
        connection.BreakAt = null;
        await fixture.CatchUpAsync();
    }

    private async Task<IReadOnlyList<Message>> CommandsAsync(int count)
    {
        List<Message> commands = [];
        await foreach (var message in fixture.Transport.FollowAsync(StreamName.Commands, "", 0, fixture.TestTimeout))
        {
            commands.Add(message);
            if (commands.Count == count)
                break;
        }

        return commands;
    }
}
