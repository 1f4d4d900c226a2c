using System.Net;

namespace Osapi.Controller.Tests.Auth.Matrix;

/// <summary>The expected status of each cell, by rules that are written down here once more and use nothing of the product.</summary>
internal static class MatrixRules
{
    private static readonly string[] Read = ["agent:read", "node:read", "network:read", "job:read", "run:read", "health:read", "file:read", "docker:read", "package:read", "service:read", "sysctl:read", "user:read"];
    private static readonly string[] Write = [.. Read, "network:write", "job:write", "run:write", "file:write", "docker:write", "review:write", "package:write", "service:write", "sysctl:write", "user:write"];

    public static IReadOnlyList<string> Admin { get; } = [.. Write, "agent:write", "file:content", "token:read", "token:write", "audit:read", "command:execute", "docker:execute"];

    /// <summary>The permissions of the roles; the last is one of the configuration.</summary>
    public static IReadOnlyDictionary<string, string[]> Roles { get; } = new Dictionary<string, string[]>
    {
        ["admin"] = [.. Admin],
        ["write"] = Write,
        ["read"] = Read,
        ["deployer"] = ["file:read", "file:write", "docker:write"],
    };

    /// <summary>The permission of an endpoint; null for one that is open to everybody.</summary>
    public static string? PermissionOf(MatrixEndpoint endpoint)
    {
        var reads = endpoint.Method == "GET";
        var parts = endpoint.Template.Split('/')[1..];
        return parts switch
        {
            ["openapi.json"] or ["metrics"] or ["health"] or ["health", "ready"] => null,
            ["health", "status"] => "health:read",
            // What they need is the permission of the operation that the request names, here node.hostname.get.
            ["target"] => "node:read",
            ["job", "{id}"] when endpoint.Method == "PUT" => "node:read",
            ["review", ..] => "review:write",
            ["run", "{id}", "signals"] => "run:write",
            ["node", _, "command", ..] => "command:execute",
            ["node", _, "container", "docker", .., "exec"] => "docker:execute",
            ["node", _, "container", "docker", ..] => reads ? "docker:read" : "docker:write",
            ["node", _, "file", "status" or "stat" or "content"] => "file:read",
            ["node", _, "file", ..] => reads ? "file:read" : "file:write",
            ["node", _, "wait", "path"] => "file:read",
            ["node", _, "wait" or "http", ..] => "network:read",
            ["node", _, "network", ..] => reads ? "network:read" : "network:write",
            ["node", _, "package" or "service" or "sysctl", ..] => $"{parts[2]}:{(reads ? "read" : "write")}",
            ["node", _, "user" or "group", ..] => reads ? "user:read" : "user:write",
            ["node", ..] => "node:read",
            [var family, ..] => $"{family}:{(reads ? "read" : "write")}",
            _ => throw new InvalidOperationException($"no rule for {endpoint.Template}"),
        };
    }

    /// <summary>The status of a cell; null for "as an administrator gets it".</summary>
    public static HttpStatusCode? Expected(MatrixEndpoint endpoint, MatrixCredential credential)
    {
        if (credential.Rejected is { } status)
            return status;
        if (PermissionOf(endpoint) is not { } permission)
            return null;
        if (credential.Permissions is not { } permissions)
            return HttpStatusCode.Unauthorized;
        if (!permissions.Contains(permission))
            return HttpStatusCode.Forbidden;
        var acts = endpoint.Method != "GET" || endpoint.Template.StartsWith("/node/", StringComparison.Ordinal);
        var called = endpoint.Id == "job.submit" ? "node.hostname.get" : endpoint.Id;
        if (acts && credential.Operations is { } operations && !operations.Any(each => each == called || (each.EndsWith(".*", StringComparison.Ordinal) && called.StartsWith(each[..^1], StringComparison.Ordinal))))
            return HttpStatusCode.Forbidden;
        // Named here are agents that no target of these tokens includes; hosts are compared when a job begins.
        return acts && credential.HasTargets && (endpoint.Template.StartsWith("/token", StringComparison.Ordinal) || endpoint.Template.StartsWith("/agent", StringComparison.Ordinal)) ? HttpStatusCode.Forbidden : null;
    }
}
