using Osapi.Controller.Runs.ReadModel;
using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Runs.Detached;

/// <summary>The inputs of detached runs: a message under a subject of its own, sealed to the controllers, which is removed when the run ends. No read model has it.</summary>
internal sealed class HandedOverInputs(ITransport transport, RunIndex index, RunLogMark mark)
{
    private const int Page = 20;

    // A caller stores files before it hands over the run.
    private static readonly TimeSpan OrphanedAfter = TimeSpan.FromHours(1);

    /// <summary>Stores the inputs of a run.</summary>
    /// <returns>Their key, and their position in the log.</returns>
    public async Task<(string Key, long Position)> StoreAsync(RunId id, DetachedInputs inputs, CancellationToken cancellationToken)
    {
        var key = Guid.NewGuid().ToString("N");
        var stored = await transport.AppendAsync([new(StreamName.Runs, RunSubjects.Inputs(id), RunJson.Pack(new SealedInputs(key, inputs), RunJson.Stored.SealedInputs))], cancellationToken);
        return (key, stored.Sequence);
    }

    /// <summary>Removes inputs whose run was refused.</summary>
    public async Task ForgetAsync(long position, CancellationToken cancellationToken)
    {
        await transport.RemoveAsync(StreamName.Runs, [position], cancellationToken);
        await mark.SetAsync(cancellationToken);
    }

    /// <summary>Finds the inputs of a run; null when they are not there.</summary>
    public async Task<DetachedInputs?> FindAsync(JournalState run, CancellationToken cancellationToken) =>
        (await ReadAsync(run.Id, cancellationToken)).FirstOrDefault(stored => stored.Inputs.Key == run.Head.Detached?.Key).Inputs?.Inputs;

    /// <summary>Opens the content of a local file of the plan; null when it is not there, or was changed. The caller disposes it.</summary>
    public async Task<Stream?> OpenAsync(RunId id, StagedFile file, CancellationToken cancellationToken) =>
        (await transport.Files.FindAsync(file.NameIn(id), cancellationToken))?.Sha256 == file.Sha256 ? await transport.Files.OpenAsync(file.NameIn(id), cancellationToken) : null;

    /// <summary>Removes the inputs that a run was handed over with, and its files. Those of a later hand-over, which is under way, stay.</summary>
    public Task RemoveAsync(JournalState run, CancellationToken cancellationToken) => RemoveAsync(run.Id, run.End, cancellationToken);

    /// <summary>Removes what is left of runs that are over, or were never started: the controller that should have done it died.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var left = index.Inputs().Where(inputs => !IsNeeded(inputs.Run, inputs.Time)).ToList();
        foreach (var (id, sequence, _) in left)
            await RemoveAsync(id, sequence + 1, cancellationToken);
        if (left.Count > 0)
            await mark.SetAsync(cancellationToken);
        foreach (var file in await transport.Files.ListAsync(cancellationToken))
            if (RunOf(file.Name) is { } id && !IsNeeded(id, file.Modified))
                await transport.Files.DeleteAsync(file.Name, cancellationToken);
    }

    private async Task RemoveAsync(RunId id, long before, CancellationToken cancellationToken)
    {
        var stored = (await ReadAsync(id, cancellationToken)).ToLookup(inputs => inputs.Sequence < before);
        var kept = stored[false].SelectMany(inputs => inputs.Inputs.Inputs.Uploads).Select(file => file.Sha256).ToHashSet();
        // The files first: the message tells which they are.
        foreach (var file in stored[true].SelectMany(inputs => inputs.Inputs.Inputs.Uploads).Where(file => kept.Add(file.Sha256)))
            await transport.Files.DeleteAsync(file.NameIn(id), cancellationToken);
        if (stored[true].Any())
            await transport.PurgeAsync(StreamName.Runs, RunSubjects.Inputs(id), before, cancellationToken);
        index.ForgetInputs(id, before);
    }

    // Each hand-over of the run has one.
    private async Task<IReadOnlyList<(long Sequence, SealedInputs Inputs)>> ReadAsync(RunId id, CancellationToken cancellationToken)
    {
        List<(long, SealedInputs)> found = [];
        for (var after = 0L; await transport.ReadAsync(StreamName.Runs, RunSubjects.Inputs(id), after, Page, cancellationToken) is { Count: > 0 } page; after = page[^1].Sequence)
            foreach (var message in page)
                if (message.Rejection is null && RunJson.Unpack(message.Payload.Span, RunJson.Stored.SealedInputs) is { } inputs)
                    found.Add((message.Sequence, inputs));
        return found;
    }

    // What was stored after the run's last message belongs to a hand-over that is under way.
    private bool IsNeeded(RunId id, DateTimeOffset stored) => index.Find(id) switch
    {
        { IsOver: false, Head.Detached: not null } => true,
        { } run when stored <= run.Updated => false,
        _ => transport.ServerNow - stored < OrphanedAfter,
    };

    private static RunId? RunOf(string file) =>
        file.StartsWith(StagedFile.NamePrefix, StringComparison.Ordinal) && file.IndexOf('/', StagedFile.NamePrefix.Length) is > 0 and var end
            && RunId.TryParse(file[StagedFile.NamePrefix.Length..end], out var id) ? id : null;
}

/// <summary>The sealed message with the inputs of a run.</summary>
/// <param name="Key">The key that the head of the run names.</param>
/// <param name="Inputs">The inputs.</param>
internal sealed record SealedInputs(string Key, DetachedInputs Inputs);
