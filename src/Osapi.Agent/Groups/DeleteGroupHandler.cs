using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations;
using Osapi.Operations.Groups;

namespace Osapi.Agent.Groups;

/// <summary>Runs <see cref="DeleteGroup"/> on this host.</summary>
internal static class DeleteGroupHandler
{
    // Members in a message.
    private const int MaxNamed = 10;

    public static Task<ChangePlan<DeleteGroupResult>> HandleAsync(DeleteGroup request, Host host, CancellationToken cancellationToken)
    {
        var found = Inspect(request, host);
        return Task.FromResult(new ChangePlan<DeleteGroupResult>
        {
            Changes = found is not null,
            Before = found is null ? null : JsonElement.Parse(new JsonObject { ["gid"] = found.Gid, ["members"] = new JsonArray([.. found.Members.Select(member => (JsonNode)member)]) }.ToJsonString()),
            Apply = async stop =>
            {
                if (found is null)
                    return new DeleteGroupResult { Name = request.Name.Value };
                using var session = await AccountSession.BeginAsync(host, stop);
                if (Inspect(request, host) is null)
                    return new DeleteGroupResult { Name = request.Name.Value };
                await session.RunAsync("groupdel", ["--", request.Name.Value], stop);
                return new DeleteGroupResult { Name = request.Name.Value, Changed = true };
            },
        });
    }

    private static GroupEntry? Inspect(DeleteGroup request, Host host)
    {
        host.RequireAccountFilesAllowed();
        var (database, name) = (AccountDatabase.Read(host), request.Name.Value);
        if (database.FindGroup(name) is not { } found)
            return Accounts.FindGroup(name) is null ? null : throw AccountErrors.NotLocal("group", name);
        foreach (var member in found.Members)
            host.RequireAccountAllowed(member, database.FindUser(member)?.Uid);
        return database.Users.Where(user => user.Gid == found.Gid).Select(user => user.Name).ToList() is { Count: > 0 } users
            ? throw new OperationException(ErrorType.Conflict, $"the group {name} is the primary group of {string.Join(", ", users.Take(MaxNamed))}{(users.Count > MaxNamed ? " and others" : "")} and is not deleted")
            : found;
    }
}
