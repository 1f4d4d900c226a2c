using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Packages;
using Osapi.Operations.Packages;

namespace Osapi.Agent.Packages;

/// <summary>Runs <see cref="UpdateRepository"/> on this host.</summary>
internal static class UpdateRepositoryHandler
{
    public static Task<ChangePlan<RepositoryResult>> HandleAsync(UpdateRepository request, Host host, CancellationToken cancellationToken) =>
        Task.FromResult(Plan(host, request.Name.Value, FilesOf(request), stop => request.Refresh != false && request.Enabled != false ? RefreshAsync(host, request.Name.Value, stop) : Task.FromResult(false)));

    /// <summary>Plans a change of the files of a repository.</summary>
    /// <param name="host">The host.</param>
    /// <param name="name">The name of the repository.</param>
    /// <param name="desired">The files that are to be there.</param>
    /// <param name="refreshAsync">Refreshes the index after a change; true when it did. If it fails, the change is taken back.</param>
    public static ChangePlan<RepositoryResult> Plan(Host host, string name, RepositoryFiles desired, Func<CancellationToken, Task<bool>> refreshAsync)
    {
        var found = RepositoryFiles.Read(host, name);
        var changes = !found.IsSame(desired);
        return new()
        {
            Changes = changes,
            Before = changes ? View(found) : null,
            After = changes ? View(desired) : null,
            Apply = async stop =>
            {
                RepositoryResult result = new() { Name = name, Path = RepositoryFiles.SourcePath(name) };
                if (!changes)
                    return result;
                RepositoryFiles.RequireApt(host);
                using var session = await PackageSession.BeginAsync(host, DpkgLocks.OfIndex, lockTimeout: null, stop);
                var before = RepositoryFiles.Read(host, name);
                desired.Write(host, name);
                try
                {
                    return result with { Changed = !before.IsSame(desired), Refreshed = await refreshAsync(stop) };
                }
                catch
                {
                    before.Write(host, name);
                    throw;
                }
            },
        };
    }

    // Only of this source: others may be down, and are not this request's business.
    private static async Task<bool> RefreshAsync(Host host, string name, CancellationToken stop)
    {
        await RefreshIndexHandler.RefreshAsync(host, lockTimeout: null, ["-o", $"Dir::Etc::SourceList={RepositoryFiles.SourcePath(name)}", "-o", "Dir::Etc::SourceParts=/dev/null", "-o", "APT::Get::List-Cleanup=0"], stop);
        return true;
    }

    private static RepositoryFiles FilesOf(UpdateRepository request)
    {
        StringBuilder text = new("# Written by OSAPI, which replaces changes.\nTypes: deb\n");
        Add("URIs", request.Uris);
        Add("Suites", request.Suites);
        Add("Components", request.Components);
        Add("Architectures", request.Architectures);
        if (request.SignedBy is not null)
            text.Append($"Signed-By: {RepositoryFiles.KeyPath(request.Name.Value)}\n");
        if (request.Trusted == true)
            text.Append("Trusted: yes\n");
        if (request.Enabled == false)
            text.Append("Enabled: no\n");
        return new(Encoding.UTF8.GetBytes(text.ToString()), request.SignedBy is { } key ? Encoding.UTF8.GetBytes(key.Trim() + "\n") : null);

        void Add(string field, IReadOnlyList<object>? values)
        {
            if (values is not null)
                text.Append($"{field}: {string.Join(' ', values)}\n");
        }
    }

    private static JsonElement View(RepositoryFiles files)
    {
        JsonObject view = new() { ["source"] = files.Text };
        if (files.Key is { } key)
            view["key_sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(key));
        return JsonElement.Parse(view.ToJsonString());
    }
}
