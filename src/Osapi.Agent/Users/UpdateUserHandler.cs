using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations;
using Osapi.Operations.Users;

namespace Osapi.Agent.Users;

/// <summary>Runs <see cref="UpdateUser"/> on this host.</summary>
internal static class UpdateUserHandler
{
    public static Task<ChangePlan<UserResult>> HandleAsync(UpdateUser request, Host host, CancellationToken cancellationToken)
    {
        var change = Compute(request, host);
        return Task.FromResult(new ChangePlan<UserResult>
        {
            Changes = change.Differences.Count > 0,
            Before = change.Before,
            After = change.After,
            Apply = async stop =>
            {
                if (change.Differences.Count == 0)
                    return Result(request, host);
                using var session = await AccountSession.BeginAsync(host, stop);
                return await ChangeAsync(request, Compute(request, host), host, session, stop);
            },
        });
    }

    private static UserChange Compute(UpdateUser request, Host host)
    {
        host.RequireAccountFilesAllowed();
        var database = AccountDatabase.Read(host);
        database.RequirePasswords();
        var found = UserInspection.Find(database, request.Name.Value);
        host.RequireAccountAllowed(request.Name.Value, found?.Uid ?? (uint?)request.Uid);
        if ((uint?)request.Uid is { } uid)
            host.RequireAccountAllowed(request.Name.Value, uid);
        return found is null ? UserCreation.Of(request, host, database) : UserComparison.Of(request, host, database, found);
    }

    private static async Task<HandlerResult<UserResult>> ChangeAsync(UpdateUser request, UserChange change, Host host, AccountSession session, CancellationToken stop)
    {
        var isChanged = false;
        try
        {
            if (change.Found is null || change.Options.Count > 0)
                await session.RunAsync(change.Found is null ? "useradd" : "usermod", [.. change.Options, "--", request.Name.Value], stop);
            isChanged = true;
            if (change.Password is { } field)
                await session.SetPasswordAsync(request.Name.Value, field.Text, stop);
            return Result(request, host) with { Changed = change.Differences.Count > 0, Differences = change.Differences.Count > 0 ? change.Differences : null };
        }
        catch (OperationException failure) when (isChanged && (change.Found is null || change.Options.Count > 0))
        {
            // The first half is done.
            return HandlerResult<UserResult>.Failed(Result(request, host) with { Changed = true, Differences = change.Differences }, failure.Message, failure.Type);
        }
    }

    private static UserResult Result(UpdateUser request, Host host)
    {
        var database = AccountDatabase.Read(host);
        return new UserView(host, database).Of(UserInspection.Get(database, request.Name.Value));
    }
}
