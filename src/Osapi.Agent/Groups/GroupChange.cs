using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations;
using Osapi.Operations.Groups;

namespace Osapi.Agent.Groups;

/// <summary>The difference between a group and the request for it.</summary>
internal sealed record GroupChange
{
    /// <summary>The name of the difference of numbers.</summary>
    public const string Gid = "gid";

    private const string Missing = "missing", MemberList = "members";

    /// <summary>The request.</summary>
    public required UpdateGroup Request { get; init; }

    /// <summary>The group as it is; null when there is none.</summary>
    public GroupEntry? Found { get; private init; }

    /// <summary>The members that differ.</summary>
    public IReadOnlyList<string> Differences { get; private init; } = [];

    /// <summary>The complete list of members after the change.</summary>
    public IReadOnlyList<string> Members { get; private init; } = [];

    /// <summary>The members that are added or removed.</summary>
    public IReadOnlyList<string> ChangedMembers { get; private init; } = [];

    /// <summary>The settings that differ, as they are; null for none.</summary>
    public JsonElement? Before => Differences.Count == 0 || Found is null ? null : View(Found.Gid, Found.Members);

    /// <summary>The settings that differ, as they will be; null for none.</summary>
    public JsonElement? After => Differences.Count == 0 ? null : View((uint?)Request.Gid, Members);

    /// <summary>Compares a group with a request.</summary>
    /// <exception cref="OperationException">The group cannot be as it is requested.</exception>
    public static GroupChange Of(UpdateGroup request, AccountDatabase database)
    {
        var name = request.Name.Value;
        var found = database.FindGroup(name);
        if (found is null)
            RequireNew(name);
        if ((uint?)request.Gid is { } gid && database.Groups.FirstOrDefault(group => group.Gid == gid && group.Name != name) is { } other)
            throw new OperationException(ErrorType.Conflict, $"the number {IdText.Of(gid)} is that of the group {other.Name}");
        var members = MembersOf(request, database, found);
        List<string> changed = [.. members.Except(found?.Members ?? []), .. (found?.Members ?? []).Except(members)];
        return new()
        {
            Request = request,
            Found = found,
            Members = members,
            ChangedMembers = changed,
            Differences = found is null
                ? [Missing]
                : [.. (uint?)request.Gid is { } number && number != found.Gid ? (string[])[Gid] : [], .. changed.Count > 0 ? (string[])[MemberList] : []],
        };
    }

    /// <summary>Gets the option with the number of the request, if it has one.</summary>
    public IReadOnlyList<string> Number(string option) => (uint?)Request.Gid is { } gid ? [option, IdText.Of(gid)] : [];

    private static void RequireNew(string name)
    {
        if (Accounts.FindGroup(name) is not null)
            throw AccountErrors.NotLocal("group", name);
        if (name.Any(char.IsAsciiLetterUpper))
            throw new OperationException(ErrorType.Invalid, $"there is no group {name} on this host, and a new one must have a name without capital letters");
    }

    // A user whose primary group it is, is a member without being listed.
    private static IReadOnlyList<string> MembersOf(UpdateGroup request, AccountDatabase database, GroupEntry? found)
    {
        var listed = found?.Members ?? [];
        if (request.Members is not { } wanted)
            return listed;
        List<string> names = [.. wanted.Select(member => member.Value)];
        if (names.Where(member => Accounts.FindUser(member) is null).ToList() is { Count: > 0 } unknown)
            throw new OperationException(ErrorType.NotFound, $"there is no user {string.Join(", ", unknown)} on this host");
        var kept = request.MembersExclusive == true ? listed.Where(names.Contains) : listed;
        return [.. kept.Union(names.Where(member => found is null || database.FindUser(member)?.Gid != found.Gid), StringComparer.Ordinal)];
    }

    private JsonElement View(uint? gid, IReadOnlyList<string> members)
    {
        JsonObject view = [];
        if (gid is { } number && (Found is null || Differences.Contains(Gid)))
            view[Gid] = number;
        if (ChangedMembers.Count > 0)
            view[MemberList] = new JsonArray([.. members.Select(member => (JsonNode)member)]);
        return JsonElement.Parse(view.ToJsonString());
    }
}
