using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations;
using Osapi.Operations.Users;

namespace Osapi.Agent.Users;

/// <summary>Runs <see cref="DeleteUser"/> on this host.</summary>
internal static class DeleteUserHandler
{
    public static Task<ChangePlan<DeleteUserResult>> HandleAsync(DeleteUser request, Host host, CancellationToken cancellationToken)
    {
        var found = Inspect(request, host, cancellationToken);
        return Task.FromResult(new ChangePlan<DeleteUserResult>
        {
            Changes = found is not null,
            Before = found is null ? null : View(request, found),
            Apply = async stop =>
            {
                if (found is null)
                    return new DeleteUserResult { Name = request.Name.Value };
                using var session = await AccountSession.BeginAsync(host, stop);
                return Inspect(request, host, stop) is { } user ? await DeleteAsync(request, user, host, session, stop) : new DeleteUserResult { Name = request.Name.Value };
            },
        });
    }

    private static async Task<HandlerResult<DeleteUserResult>> DeleteAsync(DeleteUser request, PasswdEntry user, Host host, AccountSession session, CancellationToken stop)
    {
        DeleteUserResult result = new() { Name = user.Name };
        session.Begin("the deletion of an account", stop);
        try
        {
            HomeRemoval home = new(host, user);
            if (request.Kill == true)
            {
                // With lingering, systemd would keep the user's services running.
                result = result with { Changed = home.StopLingering() };
                if (await UserProcesses.KillAsync(host, user.Uid) is > 0 and var killed)
                    result = result with { Killed = killed, Changed = true };
            }

            if (request.Home == true && home.Remove())
                result = result with { Home = user.Home, Changed = true };
            await session.RunAsync("userdel", request.Force == true ? ["-f", "--", user.Name] : ["--", user.Name], CancellationToken.None);
            home.StopLingering();
            return result with { Changed = true };
        }
        catch (OperationException failure) when (result.Changed)
        {
            return HandlerResult<DeleteUserResult>.Failed(result, failure.Message, failure.Type);
        }
    }

    private static PasswdEntry? Inspect(DeleteUser request, Host host, CancellationToken cancellationToken)
    {
        host.RequireAccountFilesAllowed();
        var (database, name) = (AccountDatabase.Read(host), request.Name.Value);
        var user = UserInspection.Find(database, name);
        host.RequireAccountAllowed(name, user?.Uid);
        if (user is null)
            return null;
        if (user.Uid == 0)
            throw new OperationException(ErrorType.Conflict, $"{name} has the number 0 and is never deleted");
        if (request.Kill != true && request.Force != true && UserProcesses.Of(user.Uid) is { Count: > 0 } processes)
            throw new OperationException(ErrorType.Conflict, string.Create(CultureInfo.InvariantCulture, $"{processes.Count} processes run as {name}: {UserProcesses.Describe(processes)} (kill ends them, force deletes the account nevertheless)"));
        if (request.Kill == true && database.Users.FirstOrDefault(other => other.Uid == user.Uid && other.Name != name) is { } twin)
            throw new OperationException(ErrorType.Conflict, $"{name} and {twin.Name} have one number, and kill would end the processes of both");
        // userdel -f removes it although users are in it.
        if (request.Force == true && database.FindGroup(name) is { } group && database.Users.FirstOrDefault(other => other.Gid == group.Gid && other.Name != name) is { } member)
            throw new OperationException(ErrorType.Conflict, $"the group {name} is the primary group of {member.Name}, and force would delete it");
        if (request.Home == true)
            new HomeRemoval(host, user).Inspect(database, cancellationToken);
        return user;
    }

    private static JsonElement View(DeleteUser request, PasswdEntry user)
    {
        JsonObject view = new() { ["uid"] = user.Uid };
        if (request.Home == true)
            view["home"] = user.Home;
        return JsonElement.Parse(view.ToJsonString());
    }
}
