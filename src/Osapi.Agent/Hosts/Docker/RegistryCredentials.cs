using System.Buffers;
using System.Text;
using System.Text.Json;
using Docker.DotNet.Models;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Docker;
using Osapi.Operations.Json;

namespace Osapi.Agent.Hosts.Docker;

/// <summary>
/// Registry credentials from a file on this host in the format of Docker's config.json, or from the credential helper
/// that it names.
/// </summary>
/// <remarks>They are passed to the engine only, and never appear in a request, result, log or error.</remarks>
internal static class RegistryCredentials
{
    private const string HubServer = "https://index.docker.io/v1/";

    /// <summary>Finds the credentials for the registry of an image; null when the host has none.</summary>
    /// <exception cref="OperationException">The requested file does not exist, or cannot be read.</exception>
    public static async Task<AuthConfig?> FindAsync(Host host, ImageName image, string? file, CancellationToken cancellationToken)
    {
        if ((file ?? DefaultFile()) is not { } path)
            return null;
        if (file is not null)
            host.RequireAllowed(file);
        // The file may belong to a user, or be behind a user's link.
        if (host.ReadSmall(path) is not { } bytes)
            return file is null ? null : throw new OperationException(ErrorType.NotFound, $"the credentials file {path} does not exist");
        if (JsonConventions.ParseObject(bytes) is not { } config)
            throw HostFiles.InvalidText(path, "JSON object");
        var server = image.Registry == "docker.io" ? HubServer : image.Registry;
        var helper = Member(config, "credHelpers", image.Registry)?.GetString() ?? JsonConventions.Text(config, "credsStore");
        return (helper is { Length: > 0 } ? await RunHelperAsync(host, helper, server, cancellationToken) : null) ?? OfFile(config, image.Registry, server, path);
    }

    /// <summary>Creates the header that passes credentials to the engine.</summary>
    public static string Header(AuthConfig credentials)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in new[] { ("username", credentials.Username), ("password", credentials.Password), ("identitytoken", credentials.IdentityToken), ("serveraddress", credentials.ServerAddress) })
                if (value is { Length: > 0 })
                    writer.WriteString(name, value);
            writer.WriteEndObject();
        }

        return Convert.ToBase64String(json.WrittenSpan).Replace('+', '-').Replace('/', '_');
    }

    private static string? DefaultFile() =>
        Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } directory ? Path.GetFullPath(Path.Combine(directory, "config.json"))
        : Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? Path.GetFullPath(Path.Combine(home, ".docker", "config.json"))
        : null;

    private static AuthConfig? OfFile(JsonElement config, string registry, string server, string path)
    {
        if (!config.TryGetProperty("auths", out var auths) || auths.ValueKind != JsonValueKind.Object)
            return null;
        // Old files list servers as URLs with a path.
        var entry = auths.EnumerateObject().FirstOrDefault(candidate => candidate.Name == registry || candidate.Name == server || Name(candidate.Name) == registry).Value;
        if (entry.ValueKind != JsonValueKind.Object)
            return null;
        AuthConfig found = new() { ServerAddress = server, Username = JsonConventions.Text(entry, "username"), Password = JsonConventions.Text(entry, "password"), IdentityToken = JsonConventions.Text(entry, "identitytoken") };
        if (JsonConventions.Text(entry, "auth") is not { Length: > 0 } auth)
            return found.Username is null && found.IdentityToken is null ? null : found;
        var bytes = new byte[auth.Length];
        if (!Convert.TryFromBase64String(auth, bytes, out var count) || Encoding.UTF8.GetString(bytes, 0, count).TrimEnd('\0').Split(':', 2) is not [var user, var password])
            throw HostFiles.InvalidText(path, $"readable credentials for {registry}");
        (found.Username, found.Password) = (user, password);
        return found;
    }

    // The protocol of credential helpers: the server name on standard input, JSON on standard output.
    private static async Task<AuthConfig?> RunHelperAsync(Host host, string helper, string server, CancellationToken cancellationToken)
    {
        if (helper.ContainsAny('/', ' '))
            throw new OperationException(ErrorType.Unavailable, "the credentials file names a helper with an invalid name");
        ProcessResult end;
        try
        {
            end = await host.RunAsync(new($"docker-credential-{helper}", ["get"]) { Input = server }, cancellationToken);
        }
        catch (OperationException exception)
        {
            throw new OperationException(ErrorType.Unavailable, $"the host's credential helper cannot be run: {exception.Message}");
        }

        cancellationToken.ThrowIfCancellationRequested();
        // The helper has no credentials for the server. Its output is not passed on, because it may contain secrets.
        if (end.Exit.Code != 0 || JsonConventions.ParseObject(Encoding.UTF8.GetBytes(end.Output.Text)) is not { } answer)
            return null;
        var (user, secret) = (JsonConventions.Text(answer, "Username"), JsonConventions.Text(answer, "Secret"));
        return user == "<token>"
            ? new() { ServerAddress = server, IdentityToken = secret }
            : new() { ServerAddress = server, Username = user, Password = secret };
    }

    private static JsonElement? Member(JsonElement config, string parent, string name) =>
        config.TryGetProperty(parent, out var map) && map.ValueKind == JsonValueKind.Object && map.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value : null;

    private static string Name(string server) =>
        server.Replace("https://", "", StringComparison.Ordinal).Replace("http://", "", StringComparison.Ordinal).Split('/')[0];
}
