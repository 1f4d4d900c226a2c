using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Osapi.Controller.Operations;
using Osapi.Controller.Problems;
using Osapi.Operations.Json;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs;

/// <summary>Streams the journal of a run as server-sent events. The id of an event is its position, at which an interrupted stream resumes at any controller.</summary>
internal sealed class RunEventEndpoint(RunJournals journals, RunJournalPages pages, RunChanges changes, EventWriter events, IHostApplicationLifetime lifetime)
{
    private const string LastEventId = "Last-Event-ID";
    private const int Page = 100;

    public async Task HandleAsync(HttpContext context)
    {
        List<Problem> problems = [];
        var after = ReadAfter(context.Request, problems);
        if (!RunId.TryParse(PathMembers.Of(context.Request, "id"), out var id))
            problems.Add(new("id", "must be a run id (a UUID)"));
        problems.AddRange(context.Request.Query.Keys.Select(name => new Problem(name, "is unknown in the query")));
        if (id is null || problems.Count > 0)
        {
            await ProblemBody.WriteAsync(context, problems);
            return;
        }

        var run = await journals.GetAsync(id, context.RequestAborted);
        // An EventSource reconnects after every end, and only this status stops it.
        if (run.IsOver && after == run.Position)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await EventWriter.BeginAsync(context);
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            // A position that the log does not have is one of a log that is gone.
            await StreamAsync(context, id, after <= run.Position ? after.Value : 0, linked.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // A response that ends before the run has ended makes the reader reconnect.
        }
    }

    private async Task StreamAsync(HttpContext context, RunId id, long after, CancellationToken cancellationToken)
    {
        using var change = changes.Follow(id);
        while (true)
        {
            var next = change.Next;
            if (await journals.FindAsync(id, cancellationToken) is not { } run)
                break;
            JournalPage page;
            do
            {
                page = await pages.ReadAsync(run, after, Page, RunDetails.MaySeeContent(context, run), cancellationToken);
                foreach (var batch in page.Items)
                    await EventWriter.WriteAsync(context, batch.Position, "entries", JsonSerializer.Serialize(batch, RunOperations.BatchInfo), cancellationToken);
                after = page.Items is [.., var last] ? last.Position : after;
                await context.Response.Body.FlushAsync(cancellationToken);
            }
            while (page.NextAfter is not null);
            if (run.IsOver && after >= run.Position)
                break;
            if (after >= run.Position)
                await events.WaitAsync(context, next, cancellationToken);
        }

        await EventWriter.WriteAsync(context, "end", $"{{\"id\":\"{id}\"}}", cancellationToken);
    }

    private static long? ReadAfter(HttpRequest request, List<Problem> problems)
    {
        var texts = request.Headers[LastEventId];
        if (texts.Count == 0)
            return null;
        if (texts is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after))
            return after;
        problems.Add(new(LastEventId, "must be the id of an event: a whole number"));
        return null;
    }
}
