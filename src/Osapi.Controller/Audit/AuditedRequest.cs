using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Auth;
using Osapi.Controller.Limits;
using Osapi.Controller.Operations;
using Osapi.Operations;
using Osapi.Operations.Audit;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Audit;

/// <summary>The facts that are recorded about one request; a part of them is known only while it is handled.</summary>
internal sealed class AuditedRequest(HttpContext context, DateTimeOffset started)
{
    private const int MaxName = 400;
    private const int MaxText = 1000;
    private const int MaxMethod = 16;
    private const int MaxRoles = 16;
    private const int MaxMembers = 32;

    /// <summary>The number of the first entry; null without one.</summary>
    public long? First { get; set; }

    /// <summary>True when a host failed, although the status says that there is a response.</summary>
    public bool HasFailedHost { get; set; }

    public DateTimeOffset Started => started;

    private Operation? Operation { get; set; }

    private string? Target { get; set; }

    private IReadOnlyList<string>? Members { get; set; }

    private RunId? Run { get; set; }

    private JobId? Job { get; set; }

    private bool Check { get; set; }

    /// <summary>True when anybody's token was valid.</summary>
    public bool HasIdentity => context.User.Identity is { IsAuthenticated: true };

    /// <summary>Notes the operation that a request names, which may still be refused.</summary>
    public void Note(Operation operation) => Operation = operation;

    /// <summary>Notes what a request on hosts asks for.</summary>
    public void Note(Operation operation, Target target, ReadOnlyMemory<byte> request, JobId job, RunId? run, bool check) =>
        (Operation, Target, Members, Job, Run, Check) = (operation, target.Text, NamesOf(request.Span), job, run, check);

    /// <summary>Notes what a request to the controller asks for.</summary>
    public void Note(Operation operation, object request, bool check) =>
        (Operation, Members, Check) = (operation, [.. operation.RequestInfo.Properties.Where(property => property.Get?.Invoke(request) is not null).Select(property => property.Name).Take(MaxMembers)], check);

    /// <summary>Creates an entry.</summary>
    public AuditEntry Entry(AuditKind kind)
    {
        var operation = Operation ?? context.GetEndpoint()?.Metadata.GetMetadata<Operation>();
        var user = context.User;
        return new()
        {
            Timestamp = started,
            Kind = kind,
            User = Short(user.FindFirst("sub")?.Value, MaxName),
            Roles = HasIdentity ? [.. user.FindAll(TokenClaims.Roles).Take(MaxRoles).Select(role => Short(role.Value, MaxName)!)] : null,
            TokenId = Short(user.FindFirst("jti")?.Value, MaxName),
            SourceIp = Caller.AddressOf(context),
            Method = Short(context.Request.Method, MaxMethod),
            Path = Short($"{context.Request.PathBase}{context.Request.Path}", MaxText),
            OperationId = operation?.Id,
            Target = Short(Target ?? TargetOfPath(operation), MaxText),
            Members = Members is { Count: > 0 } ? Members : null,
            Run = Run ?? (operation?.Family == "run" && RunId.TryParse(IdOfPath, out var run) ? run : null),
            Job = Job ?? (operation?.Family != "run" && context.Request.Path.StartsWithSegments("/job") && JobId.TryParse(IdOfPath, out var job) ? job : null),
            Check = Check ? true : null,
            Outcome = kind == AuditKind.Begin ? AuditOutcome.Begun : null,
        };
    }

    private string? IdOfPath => context.Request.RouteValues.TryGetValue("id", out var id) ? id as string : null;

    // The target of a request that was refused before it was bound.
    private string? TargetOfPath(Operation? operation) => operation?.RunsOn == RunsOn.Host && context.Request.RouteValues.ContainsKey(HttpRoute.TargetMember) ? PathMembers.Of(context.Request, HttpRoute.TargetMember) : null;

    private static string? Short(string? text, int max) => text is null || text.Length <= max ? text : text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];

    private static List<string> NamesOf(ReadOnlySpan<byte> json)
    {
        List<string> names = [];
        Utf8JsonReader reader = new(json);
        // Inside the object that the binder has accepted.
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && names.Count < MaxMembers)
        {
            names.Add(reader.GetString()!);
            reader.Skip();
        }

        return names;
    }
}
