using System.Security.Cryptography;
using System.Text;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Enrolment;

/// <summary>Creates join tokens, and checks the tags of agents that use them. Nothing about a token is stored: its secret is computed from its id.</summary>
public sealed class JoinTokens(ControllerKeys keys) : IDisposable
{
    private readonly byte[] key = keys.Secret.Derive("join tokens");

    /// <summary>Creates the token of a grant.</summary>
    public JoinToken Create(JoinGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return Of(grant.Encode());
    }

    /// <summary>Checks that a message was tagged with the secret of the token that its request names.</summary>
    public bool IsAuthentic(EnrolmentMessage message, EnrolmentRequest request)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(request);
        return request.Token is { } id && message.Tag is { } tag && CryptographicOperations.FixedTimeEquals(Of(id).TagOf(message.Request), tag);
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(key);

    private JoinToken Of(string id) => new(id, HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(id)), keys.Public.Fingerprint);
}
