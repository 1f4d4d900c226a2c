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
    private static readonly Option<string[]> RoleNames = new("--roles", "-r") { Description = "The roles of the token: admin, write, read or a role of the configuration; repeatable, or separated by commas (required)", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string> Subject = new("--subject", "-u") { Description = "The subject of the token: its user (required)" };
    private static readonly Option<string[]> PermissionNames = new("--permissions", "-p") { Description = "Permissions that replace those of the roles, or none; repeatable, or separated by commas", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string> Lifetime = new("--expires-in") { Description = "The lifetime of the token, such as 12h or 90d", DefaultValueFactory = _ => "90d" };

    private static readonly Option<string[]> TargetNames = new("--targets") { Description = "Limit the token to these hosts and labels, such as web-01 or group:web; repeatable, or separated by commas", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string[]> OperationNames = new("--operations") { Description = "Limit the token to these operations, such as node.hostname.get or docker.*; repeatable, or separated by commas", AllowMultipleArgumentsPerToken = true };

    public static Command Create(ConnectionOptions connection)
    {
        Command generate = new("generate", "Create a bearer token") { RoleNames, Subject, PermissionNames, TargetNames, OperationNames, Lifetime };
        generate.Action = new CheckedAction((result, problems) =>
        {
            var configuration = connection.Configuration(result);
            return Read(result, configuration.Get(AuthSettings.CustomRoles)?.Keys ?? [], Local(configuration), problems);
        });
        return new("token", "Bearer tokens: create them, revoke them, and list what is revoked") { generate };
    }

    private static Func<CancellationToken, Task<int>> Read(ParseResult result, IEnumerable<string> customRoles, LocalSystem local, List<string> problems)
    {
        var (roles, permissions, subject) = (Split(result.GetValue(RoleNames)), Split(result.GetValue(PermissionNames)), result.GetValue(Subject));
        var (targets, operations) = (Split(result.GetValue(TargetNames)), Split(result.GetValue(OperationNames)));
        List<string> knownRoles = [.. Roles.BuiltIn.Keys, .. customRoles];
        var isNone = permissions is ["none"];
        if (roles.Count == 0)
            problems.Add("--roles is required: admin, write or read");
        problems.AddRange(roles.Except(knownRoles).Select(role => $"--roles: there is no role '{role}'{Suggestions.Hint(role, knownRoles)}"));
        problems.AddRange(permissions.Where(name => !isNone && !Permissions.All.Contains(name)).Select(name => $"--permissions: there is no permission '{name}'{Suggestions.Hint(name, Permissions.All)}"));
        problems.AddRange(targets.Select(text => Target.TryParse(text, out _, out var problem) ? null : $"--targets: {problem}").OfType<string>());
        problems.AddRange(operations.Where(text => !IsOperations(text)).Select(text => $"--operations: there is no operation '{text}'{Suggestions.Hint(text, OperationCatalog.Default.Select(operation => operation.Id))}"));
        if (string.IsNullOrWhiteSpace(subject))
            problems.Add("--subject is required");
        else if (ControlCharacters.AreIn(subject) || subject.Length > 256)
            problems.Add($"--subject '{(subject.Length > 256 ? subject[..256] : subject)}' must be without control characters, and at most 256 characters");
        var lifetime = result.GetValue(Lifetime)!;
        if (!Duration.TryParse(lifetime, provider: null, out var valid) || valid.Value > Tokens.MaxLifetime)
        {
            problems.Add($"--expires-in '{lifetime}' is not a time: expected {Duration.Expected}, at most 3650d");
            valid = default;
        }

        return _ =>
        {
            CryptoLibrary.Require();
            Terminal.Out.Line(new Tokens(Key(local), TimeProvider.System).Generate(new TokenGrant
            {
                Subject = subject!,
                Roles = roles,
                Permissions = isNone ? [] : permissions.Count > 0 ? permissions : null,
                Targets = targets.Count > 0 ? targets : null,
                Operations = operations.Count > 0 ? operations : null,
                Lifetime = valid.Value,
            }));
            return Task.FromResult(ExitCode.Ok);
        };
    }

    private static bool IsOperations(string pattern) =>
        pattern.EndsWith('*') ? OperationCatalog.Default.Any(operation => operation.Id.StartsWith(pattern[..^1], StringComparison.Ordinal)) : OperationCatalog.Default.TryFind(pattern, out _);

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
