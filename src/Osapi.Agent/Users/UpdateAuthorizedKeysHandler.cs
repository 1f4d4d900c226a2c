using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations.Users;

namespace Osapi.Agent.Users;

/// <summary>Runs <see cref="UpdateAuthorizedKeys"/> on this host.</summary>
internal static class UpdateAuthorizedKeysHandler
{
    public static async Task<ChangePlan<AuthorizedKeyResult>> HandleAsync(UpdateAuthorizedKeys request, Host host, CancellationToken cancellationToken)
    {
        var file = Find(request, host);
        AuthorizedKeyEdit planned = new(request, await file.ReadAsync(cancellationToken));
        return new()
        {
            Changes = planned.Changes,
            Before = View(planned.Removed, planned.Updated),
            After = View(planned.Added, planned.Updated),
            Apply = async stop =>
            {
                if (!planned.Changes)
                    return new AuthorizedKeyResult { Path = file.Path };
                using var session = await AccountSession.BeginAsync(host, stop);
                var current = Find(request, host);
                AuthorizedKeyEdit? edit = null;
                await current.ReplaceAsync(text =>
                {
                    edit = new(request, text);
                    return edit.Changes ? edit.Text : null;
                }, stop);
                return Result(current.Path, edit!);
            },
        };
    }

    private static AuthorizedKeysFile Find(UpdateAuthorizedKeys request, Host host)
    {
        var user = UserInspection.Get(AccountDatabase.Read(host), request.Name.Value);
        host.RequireAccountAllowed(user.Name, user.Uid);
        return new(host, user, request.Path?.Value);
    }

    private static AuthorizedKeyResult Result(string path, AuthorizedKeyEdit edit) => new()
    {
        Path = path,
        Changed = edit.Changes,
        Added = edit.Added.Count > 0 ? edit.Added : null,
        Updated = edit.Updated.Count > 0 ? edit.Updated : null,
        Removed = edit.Removed.Count > 0 ? edit.Removed : null,
    };

    private static JsonElement? View(IReadOnlyList<string> keys, IReadOnlyList<string> updated) => keys.Count + updated.Count == 0
        ? null
        : JsonElement.Parse(new JsonObject { ["keys"] = new JsonArray([.. keys.Concat(updated).Select(key => (JsonNode)key)]) }.ToJsonString());
}
