using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Osapi.Controller.Operations;
using Osapi.Controller.Problems;
using Osapi.Controller.Runs.ReadModel;
using Osapi.Operations.Json;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs.Runners;

/// <summary>The stream of signals to a runner, as server-sent events. While it is open the runner is heard.</summary>
internal sealed class RunnerStreamEndpoint(RunJournals journals, RunIndex index, RunChanges changes, RunnerPresence presence, RunnerSignals signals, EventWriter events, IHostApplicationLifetime lifetime)
{
    public async Task HandleAsync(HttpContext context)
    {
        List<Problem> problems = [];
        if (!RunId.TryParse(PathMembers.Of(context.Request, "id"), out var id))
            problems.Add(new("id", "must be a run id (a UUID)"));
        if (!RunId.TryParse(context.Request.Query["runner"].ToString(), out var runner))
            problems.Add(new("runner", "must be a run id (a UUID)"));
        problems.AddRange(context.Request.Query.Keys.Where(name => name != "runner").Select(name => new Problem(name, "is unknown in the query")));
        if (id is null || runner is null || problems.Count > 0)
        {
            await ProblemBody.WriteAsync(context, problems);
            return;
        }

        var run = await journals.GetAsync(id, context.RequestAborted);
        if (run.Head.Runner == runner && run.Head.Caller != context.User.FindFirst("sub")?.Value)
            throw RunConflict.NotCaller(run);
        await EventWriter.BeginAsync(context);
        if (!HttpMethods.IsHead(context.Request.Method))
            await StreamAsync(context, run, runner);
    }

    private async Task StreamAsync(HttpContext context, JournalState run, RunId runner)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var change = changes.Follow(run.Id);
        var isOwn = run.Head.Runner == runner && !run.IsOver;
        if (isOwn)
        {
            presence.Open(runner);
            await signals.AnnounceAsync(runner);
        }

        var isGone = false;
        try
        {
            await WriteAsync(context, run.Id, runner, change, linked.Token);
        }
        catch (Exception) when (linked.IsCancellationRequested)
        {
            // A stopping controller does not know about its runners: they go to another one.
            isGone = !lifetime.ApplicationStopping.IsCancellationRequested;
        }
        finally
        {
            if (isOwn && presence.Close(runner, isGone))
            {
                await signals.AnnounceSilentAsync(runner);
                changes.Wake(run.Id);
            }
        }
    }

    private async Task WriteAsync(HttpContext context, RunId id, RunId runner, RunChanges.RunChange change, CancellationToken cancellationToken)
    {
        var isCancelSent = false;
        while (true)
        {
            var next = change.Next;
            var run = await journals.FindAsync(id, cancellationToken);
            if (run is null || run.SupersededBy is not null || run.Head.Runner != runner)
            {
                await EventWriter.WriteAsync(context, "taken_over", Data("by", run?.SupersededBy?.Value ?? run?.Head.Caller), cancellationToken);
                return;
            }

            if (!isCancelSent && index.WishOf(id) is { } by)
            {
                await EventWriter.WriteAsync(context, "cancel", Data("by", by), cancellationToken);
                isCancelSent = true;
            }

            if (run.IsOver)
            {
                await EventWriter.WriteAsync(context, "end", Data("id", id.Value), cancellationToken);
                return;
            }

            await events.WaitAsync(context, next, cancellationToken);
        }
    }

    private static string Data(string name, string? value) => $"{{\"{name}\":{(value is null ? "null" : $"\"{JsonEncodedText.Encode(value)}\"")}}}";
}
