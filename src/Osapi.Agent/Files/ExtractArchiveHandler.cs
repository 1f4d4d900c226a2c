using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Agent.Files.Archives;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>Runs <see cref="ExtractArchive"/> on this host.</summary>
internal static class ExtractArchiveHandler
{
    public static async Task<ChangePlan<ExtractResult>> HandleAsync(ExtractArchive request, Host host, CancellationToken cancellationToken)
    {
        var owner = DesiredOwner.Find(request.Owner, request.Group);
        ArchiveExtraction extraction = new(host, request, owner);
        if (request.Creates is { } creates && HostErrors.Named(creates.Value, () => Exists(host, request, creates.Value)))
            return new() { Changes = false, Apply = _ => Task.FromResult<HandlerResult<ExtractResult>>(new ExtractResult { Path = request.Dest.Value }) };
        var plan = await CompareAsync(request, host, extraction, owner, cancellationToken);
        return new()
        {
            Changes = plan.Differing.Count > 0,
            After = plan.Differing.Count > 0 ? View(plan) : null,
            Apply = async stop =>
            {
                if (plan.Differing.Count == 0)
                    return Result(request, plan, written: 0);
                using var fileLock = await FileLock.AcquireAsync(request.Dest.Value, stop);
                try
                {
                    return await FileExchanges.RetryAsync(request.Dest.Value, () => WriteAsync(request, host, extraction, owner, stop), stop);
                }
                catch (OperationException failed) when (extraction.Written > 0)
                {
                    return HandlerResult<ExtractResult>.Failed(Result(request, plan, extraction.Written), failed.Message, failed.Type);
                }
            },
        };
    }

    private static Task<ExtractionPlan> CompareAsync(ExtractArchive request, Host host, ArchiveExtraction extraction, DesiredOwner owner, CancellationToken cancellationToken) => FileExchanges.RetryAsync(
        request.Dest.Value,
        async () =>
        {
            await using var archive = await ArchiveSource.OpenAsync(request, host, cancellationToken);
            return await HostErrors.NamedAsync(request.Dest.Value, async () =>
            {
                using var directory = ExtractionDirectory.Open(host, request, owner, create: false);
                return await extraction.CompareAsync(archive, directory, cancellationToken);
            });
        },
        cancellationToken);

    // Compared again, because files may have changed since the plan was made, or an earlier attempt wrote some of them.
    private static async Task<ExtractResult> WriteAsync(ExtractArchive request, Host host, ArchiveExtraction extraction, DesiredOwner owner, CancellationToken cancellationToken)
    {
        await using var archive = await ArchiveSource.OpenAsync(request, host, cancellationToken);
        return await HostErrors.NamedAsync(request.Dest.Value, async () =>
        {
            ExtractionPlan plan;
            using (var before = ExtractionDirectory.Open(host, request, owner, create: false))
                plan = await extraction.CompareAsync(archive, before, cancellationToken);
            using var directory = ExtractionDirectory.Open(host, request, owner, create: true);
            directory.RequireSpace(plan.DifferingBytes);
            await extraction.WriteAsync(archive, directory, plan, cancellationToken);
            directory.Sync();
            return Result(request, plan, extraction.Written);
        });
    }

    private static bool Exists(Host host, ExtractArchive request, string path)
    {
        host.RequireAllowed(path);
        using PathResolver walk = new(host.Root, path) { FollowLinks = request.FollowLinks == true };
        if (!walk.To(Path.GetDirectoryName(path)!))
            return false;
        using var directory = walk.TakeHandle();
        return directory.Stat(Path.GetFileName(path)) is not null;
    }

    private static ExtractResult Result(ExtractArchive request, ExtractionPlan plan, long written) =>
        new() { Path = request.Dest.Value, Changed = written > 0, Entries = plan.Entries, Bytes = plan.Bytes, Written = written, Skipped = plan.Skipped };

    private static JsonElement View(ExtractionPlan plan) =>
        JsonElement.Parse(new JsonObject { ["written"] = plan.Differing.Count, ["bytes"] = plan.DifferingBytes }.ToJsonString());
}
