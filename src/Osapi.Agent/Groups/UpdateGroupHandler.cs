using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations.Groups;

namespace Osapi.Agent.Groups;

/// <summary>Runs <see cref="UpdateGroup"/> on this host.</summary>
internal static class UpdateGroupHandler
{
    public static Task<ChangePlan<GroupResult>> HandleAsync(UpdateGroup request, Host host, CancellationToken cancellationToken)
    {
        var planned = Compute(request, host);
        return Task.FromResult(new ChangePlan<GroupResult>
        {
            Changes = planned.Differences.Count > 0,
            Before = planned.Before,
            After = planned.After,
            Apply = async stop =>
            {
                if (planned.Differences.Count == 0)
                    return new GroupView(host).Of(planned.Found!);
                using var session = await AccountSession.BeginAsync(host, stop);
                return await ChangeAsync(Compute(request, host), host, session, stop);
            },
        });
    }

    private static GroupChange Compute(UpdateGroup request, Host host)
    {
        host.RequireAccountFilesAllowed();
        var database = AccountDatabase.Read(host);
        var change = GroupChange.Of(request, database);
        foreach (var member in change.ChangedMembers)
            host.RequireAccountAllowed(member, database.FindUser(member)?.Uid);
        return change;
    }

    private static async Task<GroupResult> ChangeAsync(GroupChange change, Host host, AccountSession session, CancellationToken stop)
    {
        var name = change.Request.Name.Value;
        if (change.Found is null)
            await session.RunAsync("groupadd", [.. change.Number("-g"), .. change.Request.System == true ? (string[])["-r"] : [], "--", name], stop);
        else if (change.Differences.Contains(GroupChange.Gid))
            await session.RunAsync("groupmod", [.. change.Number("-g"), "--", name], stop);
        if (change.ChangedMembers.Count > 0)
            await session.RunAsync("gpasswd", ["-M", string.Join(',', change.Members), "--", name], stop);
        return new GroupView(host).Of(AccountDatabase.Read(host).FindGroup(name)!) with { Changed = change.Differences.Count > 0, Differences = change.Differences.Count > 0 ? change.Differences : null };
    }
}
