using System.CommandLine;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Cli.Settings;
using Osapi.Controller.Auth;
using Osapi.Operations;
using Osapi.Plans;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi token generate</c>: creates bearer tokens, signed with the key of this machine's system.</summary>
internal static class TokenCommands
{
    private static readonly Option<string[]> RoleNames = new("--roles", "-r") { Description = "The roles of the token: admin, write or read; repeatable, or separated by commas (required)", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string> Subject = new("--subject", "-u") { Description = "The subject of the token: its user (required)" };
    private static readonly Option<string[]> PermissionNames = new("--permissions", "-p") { Description = "Permissions that replace those of the roles; repeatable, or separated by commas", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string> Lifetime = new("--expires-in") { Description = "The lifetime of the token, such as 12h or 90d", DefaultValueFactory = _ => "90d" };

    public static Command Create(ConnectionOptions connection)
    {
        Command generate = new("generate", "Create a bearer token") { RoleNames, Subject, PermissionNames, Lifetime };
        generate.Action = new CheckedAction((result, problems) => Read(
            Split(result.GetValue(RoleNames)), result.GetValue(Subject), Split(result.GetValue(PermissionNames)), result.GetValue(Lifetime)!, Local(connection.Configuration(result)), problems));
        return new("token", "Bearer tokens") { generate };
    }

    private static Func<CancellationToken, Task<int>> Read(
        List<string> roles, string? subject, List<string> permissions, string lifetime, LocalSystem local, List<string> problems)
    {
        if (roles.Count == 0)
            problems.Add("--roles is required: admin, write or read");
        problems.AddRange(roles.Where(role => !Roles.BuiltIn.ContainsKey(role)).Select(role => $"--roles: there is no role '{role}'{Suggestions.Hint(role, Roles.BuiltIn.Keys)}"));
        problems.AddRange(permissions.Where(name => !Permissions.All.Contains(name)).Select(name => $"--permissions: there is no permission '{name}'{Suggestions.Hint(name, Permissions.All)}"));
        if (string.IsNullOrWhiteSpace(subject))
            problems.Add("--subject is required");
        else if (ControlCharacters.AreIn(subject))
            problems.Add($"--subject '{subject}' must be without control characters");
        if (!Duration.TryParse(lifetime, provider: null, out var valid) || valid.Value > TimeSpan.FromDays(3650))
        {
            problems.Add($"--expires-in '{lifetime}' is not a time: expected {Duration.Expected}, at most 3650d");
            valid = default;
        }

        return _ =>
        {
            CryptoLibrary.Require();
            Terminal.Out.Line(new Tokens(Key(local), TimeProvider.System).Generate(subject!, roles, permissions, valid.Value));
            return Task.FromResult(ExitCode.Ok);
        };
    }

    private static SigningKey Key(LocalSystem local)
    {
        try
        {
            return SigningKey.LoadOrCreate(local.SigningKey);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandException(ExitCode.NotPermitted, $"the signing key {local.SigningKey} cannot be used: {exception.Message}");
        }
    }

    private static LocalSystem Local(Configuration configuration)
    {
        configuration.CheckFile();
        return LocalSystem.Of(configuration);
    }

    private static List<string> Split(string[]? values) =>
        [.. (values ?? []).SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];
}
