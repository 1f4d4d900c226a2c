using Osapi.Agent.Files.Downloads;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>Runs <see cref="DownloadUrl"/> on this host.</summary>
internal static class DownloadUrlHandler
{
    public static async Task<ChangePlan<DownloadResult>> HandleAsync(DownloadUrl request, Host host, CancellationToken cancellationToken)
    {
        var owner = DesiredOwner.Find(request.Owner, request.Group);
        using WebFile looked = new(request);
        var expected = request.Sha256Url is { } list ? await looked.FindChecksumAsync(list, cancellationToken) : request.Sha256?.Value;
        var deployment = DeploymentOf(request, host, owner, new DownloadedContent(request, looked, expected ?? "", Spool: null));
        var found = await deployment.InspectAsync(cancellationToken);
        // Without a checksum, the content that is there stands for the one that is not known.
        var changes = found is null || found.Differences(expected ?? found.Sha256!, request.Mode?.Bits, owner.User, owner.Group).Count > 0;
        return new()
        {
            Changes = changes ? true : expected is null ? null : false,
            Before = changes && found is not null ? FileAttributesView.Of(found) : null,
            After = changes && expected is not null ? deployment.SettingsAfter(found) : null,
            Apply = async stop =>
            {
                using WebFile file = new(request);
                return expected is null
                    ? await ApplyNewestAsync(request, host, owner, file, found, stop)
                    : await PlaceAsync(request, host, owner, file, expected, spool: null, found, stop);
            },
        };
    }

    // The server's newest version must be complete before it is known whether it differs.
    private static async Task<DownloadResult> ApplyNewestAsync(DownloadUrl request, Host host, DesiredOwner owner, WebFile file, CurrentFile? found, CancellationToken cancellationToken)
    {
        var known = request.Force != true && found is not null && DownloadRecord.Find(host, request.Path.Value) is { } record && record.Url == request.SourceUrl.Value && record.Sha256 == found.Sha256 ? record.Etag : null;
        await using var spool = HostErrors.Named(request.Path.Value, () => PrivateSpool.Open(host));
        var sha256 = await HostErrors.NamedAsync(request.Path.Value, () => file.ReadAsync(spool, known, cancellationToken));
        var result = sha256 is null
            ? await PlaceAsync(request, host, owner, file, found!.Sha256!, spool: null, found, cancellationToken)
            : await PlaceAsync(request, host, owner, file, sha256, spool, found, cancellationToken);
        if (file.Etag is { } etag)
            HostErrors.Named(request.Path.Value, () => Remember(request, host, result.Sha256, etag));
        return result;
    }

    private static async Task<DownloadResult> PlaceAsync(DownloadUrl request, Host host, DesiredOwner owner, WebFile file, string sha256, Stream? spool, CurrentFile? found, CancellationToken cancellationToken)
    {
        DownloadedContent content = new(request, file, sha256, spool);
        var placed = (await DeploymentOf(request, host, owner, content).ApplyAsync(found, cancellationToken)).Result!;
        return new()
        {
            Path = placed.Path,
            Changed = placed.Changed,
            Sha256 = sha256,
            Size = placed.Differences?.Any(name => name is "missing" or "content") == true ? file.Size : found?.Stat.Size ?? file.Size,
            HttpStatus = file.Status,
            Etag = file.Etag,
            Differences = placed.Differences,
        };
    }

    private static bool Remember(DownloadUrl request, Host host, string sha256, string etag)
    {
        new DownloadRecord { Path = request.Path.Value, Url = request.SourceUrl.Value, Etag = etag, Sha256 = sha256 }.Save(host);
        return true;
    }

    private static Deployment DeploymentOf(DownloadUrl request, Host host, DesiredOwner owner, FileContent content) => new(
        host,
        new()
        {
            Path = request.Path,
            ContentType = FileContentType.Raw,
            Mode = request.Mode,
            CreateParents = request.CreateParents,
            FollowLinks = request.FollowLinks,
        },
        content,
        owner)
    {
        IsRecorded = false,
    };
}
