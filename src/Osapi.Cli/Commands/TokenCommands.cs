using System.CommandLine;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Controller.Auth;
using Osapi.Operations;

namespace Osapi.Cli.Commands;

/// <summary><c>osapi token generate</c>: bearer tokens, signed with the key of this machine's own system.</summary>
internal static class TokenCommands
{
    private static readonly Option<string[]> RoleNames = new("--roles", "-r") { Description = "admin, write or read; repeatable, or separated by commas (required)", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string> Subject = new("--subject", "-u") { Description = "Who the token is for (required)" };
    private static readonly Option<string[]> PermissionNames = new("--permissions", "-p") { Description = "Permissions that replace those of the roles; repeatable, or separated by commas", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string> Lifetime = new("--expires-in") { Description = "How long it is valid, such as 12h or 90d", DefaultValueFactory = _ => "90d" };

    public static Command Create(ConnectionOptions connection)
    {
        Command generate = new("generate", "Make a bearer token") { RoleNames, Subject, PermissionNames, Lifetime };
        generate.SetAction(result => Generate(
            Split(result.GetValue(RoleNames)), result.GetValue(Subject), Split(result.GetValue(PermissionNames)), result.GetValue(Lifetime)!, StateDirectory.Resolve(result.GetValue(connection.StateDir))));
        return new("token", "Bearer tokens") { generate };
    }

    private static int Generate(List<string> roles, string? subject, List<string> permissions, string lifetime, string stateDirectory)
    {
        List<string> problems = [];
        if (roles.Count == 0)
            problems.Add("--roles is required: admin, write or read");
        problems.AddRange(roles.Where(role => !Roles.BuiltIn.ContainsKey(role)).Select(role => $"--roles: there is no role '{role}'{NearName.Hint(role, Roles.BuiltIn.Keys)}"));
        problems.AddRange(permissions.Where(name => !Permissions.All.Contains(name)).Select(name => $"--permissions: there is no permission '{name}'{NearName.Hint(name, Permissions.All)}"));
        if (string.IsNullOrWhiteSpace(subject))
            problems.Add("--subject is required");
        if (Duration.Read(lifetime, TimeSpan.FromDays(3650)) is not { } valid)
        {
            problems.Add($"--expires-in '{lifetime}' is not a time: expected {Duration.Expected}, at most 3650d");
            valid = default;
        }

        if (problems.Count > 0)
            throw CommandException.BadInput(problems);
        Terminal.Line(new Tokens(Key(stateDirectory), TimeProvider.System).Generate(subject!, roles, permissions, valid));
        return ExitCode.Ok;
    }

    private static SigningKey Key(string stateDirectory)
    {
        try
        {
            Directory.CreateDirectory(stateDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return SigningKey.LoadOrCreate(Path.Combine(stateDirectory, "signing.key"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandException(ExitCode.NotPermitted, $"the signing key in {stateDirectory} cannot be used: {exception.Message}");
        }
    }

    private static List<string> Split(string[]? values) =>
        [.. (values ?? []).SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];
}
