using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations.Users;

namespace Osapi.Agent.Users;

/// <summary>Runs <see cref="UpdatePassword"/> on this host.</summary>
internal static class UpdatePasswordHandler
{
    private const string Password = "password", MustChange = "must_change", MaxDays = "max_days", WarnDays = "warn_days";

    public static Task<ChangePlan<PasswordResult>> HandleAsync(UpdatePassword request, Host host, CancellationToken cancellationToken)
    {
        var (_, _, _, differences, before, after) = Inspect(request, host);
        return Task.FromResult(new ChangePlan<PasswordResult>
        {
            Changes = differences.Count > 0,
            Before = before,
            After = after,
            Apply = async stop =>
            {
                if (differences.Count == 0)
                    return new PasswordResult { Name = request.Name.Value };
                using var session = await AccountSession.BeginAsync(host, stop);
                return await ChangeAsync(request, host, session, stop);
            },
        });
    }

    private static async Task<PasswordResult> ChangeAsync(UpdatePassword request, Host host, AccountSession session, CancellationToken stop)
    {
        var (user, field, options, differences, _, _) = Inspect(request, host);
        if (differences.Contains(Password))
            await session.SetPasswordAsync(user.Name, field.Text, stop);
        if (options.Count > 0)
            await session.RunAsync("chage", [.. options, "--", user.Name], stop);
        return new() { Name = user.Name, Changed = differences.Count > 0, Differences = differences.Count > 0 ? differences : null };
    }

    private static Inspected Inspect(UpdatePassword request, Host host)
    {
        host.RequireAccountFilesAllowed();
        var database = AccountDatabase.Read(host);
        var user = UserInspection.Get(database, request.Name.Value);
        host.RequireAccountAllowed(user.Name, user.Uid);
        database.RequirePasswords();
        var (current, entry) = (PasswordField.Of(database, user), database.FindPassword(user.Name));
        var field = current.With(request.PasswordHash, locked: null)!;
        var changes = field != current;
        List<string> differences = [], options = [];
        JsonObject before = [], after = [];
        if (changes)
        {
            differences.Add(Password);
            after[Password] = "differs";
        }

        // A change of the password also sets the day of the change.
        var mustChange = !changes && entry?.LastChange == 0;
        if (request.MustChange is { } must && must != mustChange)
        {
            Differ(MustChange, entry?.LastChange == 0, must);
            options.AddRange(["-d", must ? "0" : Today(host)]);
        }

        if (request.MaxDays is { } max && max != entry?.MaxDays)
        {
            Differ(MaxDays, entry?.MaxDays, max);
            options.AddRange(["-M", max.ToString(CultureInfo.InvariantCulture)]);
        }

        if (request.WarnDays is { } warn && warn != entry?.WarnDays)
        {
            Differ(WarnDays, entry?.WarnDays, warn);
            options.AddRange(["-W", warn.ToString(CultureInfo.InvariantCulture)]);
        }

        return new(user, field, options, differences, View(before), View(after));

        void Differ(string name, JsonNode? was, JsonNode wanted)
        {
            differences.Add(name);
            (before[name], after[name]) = (was, wanted);
        }
    }

    private static string Today(Host host) => (DateOnly.FromDateTime(host.Time.GetUtcNow().UtcDateTime).DayNumber - new DateOnly(1970, 1, 1).DayNumber).ToString(CultureInfo.InvariantCulture);

    private static JsonElement? View(JsonObject view) => view.Count == 0 ? null : JsonElement.Parse(view.ToJsonString());

    private sealed record Inspected(PasswdEntry User, PasswordField Field, IReadOnlyList<string> Options, IReadOnlyList<string> Differences, JsonElement? Before, JsonElement? After);
}
