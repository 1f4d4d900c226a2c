using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations.Users;

namespace Osapi.Agent.Users;

/// <summary>Runs <see cref="ListAuthorizedKeys"/> on this host.</summary>
internal static class ListAuthorizedKeysHandler
{
    public static async Task<AuthorizedKeyList> HandleAsync(ListAuthorizedKeys request, Host host, CancellationToken cancellationToken)
    {
        var user = UserInspection.Get(AccountDatabase.Read(host), request.Name.Value);
        AuthorizedKeysFile file = new(host, user, request.Path?.Value);
        var text = await file.ReadAsync(cancellationToken);
        return new()
        {
            Path = file.Path,
            Keys =
            [
                .. (text?.Lines ?? []).Select(line => AuthorizedKeyLine.Find(line.Content)).OfType<AuthorizedKeyLine>()
                    .Select(key => new AuthorizedKeySummary { Type = key.Type, Fingerprint = key.Fingerprint, Comment = key.Comment, Options = key.Options }),
            ],
        };
    }
}
