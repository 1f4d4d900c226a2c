using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Agents;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Transport.Enrolment;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Enrolment;

/// <summary>The handlers of the operations about join tokens and keys.</summary>
internal sealed partial class KeyHandlers(AgentRegistry agents, RosterReconciler roster, JoinTokens tokens, ControllerKeys keys, TimeProvider time, ILogger<KeyHandlers> logger)
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(1);

    public Task<JoinCredential> CreateTokenAsync(CreateJoinToken request, HttpContext context)
    {
        if (request.Label.Where(label => !Target.IsLabel(label.Key, label.Value)).Select(label => label.Key).FirstOrDefault() is { } wrong)
            throw new OperationException(ErrorType.Invalid, $"label '{wrong}' is not a label: expected letters, digits, '_' and '-', the value in segments separated by '.'");
        var now = time.GetUtcNow();
        JoinGrant grant = new()
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            Name = request.Name.Value,
            Labels = request.Label,
            Issued = now,
            Expires = now + (request.Expires?.Duration ?? DefaultLifetime),
        };
        if (grant.Encode().Length > JoinGrant.MaxLength)
            throw new OperationException(ErrorType.Invalid, "label has too many labels for a token");
        LogTokenCreated(grant.Id, context.User.FindFirst("sub")?.Value ?? "unknown", grant.Name, grant.Expires);
        return Task.FromResult(new JoinCredential
        {
            Token = tokens.Create(grant).Format(),
            Id = grant.Id,
            Name = grant.Name,
            Labels = grant.Labels,
            ExpiresAt = grant.Expires,
            ControllersFingerprint = keys.Public.Fingerprint,
        });
    }

    public Task<AgentKeyDetail> GetKeyAsync(GetAgentKey request, HttpContext context)
    {
        var entry = roster.Find(HostKey.Of(request.Name.Value));
        var name = agents.Find(request.Name.Value)?.Hostname ?? (entry?.Key is null ? null : entry.Name)
            ?? throw new OperationException(ErrorType.NotFound, $"agent not found: {request.Name}{Suggestions.HintAll(request.Name.Value, agents.All.Select(agent => agent.Hostname))}");
        return Task.FromResult(new AgentKeyDetail
        {
            Hostname = name,
            Enrolled = entry is { IsEnrolled: true },
            Fingerprint = entry?.Key is { } key ? AgentPublicKey.Parse(key).Fingerprint : null,
            Revoked = entry?.RevokedAt is not null,
            Replaces = entry?.Replaces,
            Labels = entry?.GrantedLabels ?? new Dictionary<string, string>(),
            ControllersFingerprint = keys.Public.Fingerprint,
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Join token {Id} created by {By} for {Name}, valid until {Expires:u}")]
    private partial void LogTokenCreated(string id, string by, string name, DateTimeOffset expires);
}
