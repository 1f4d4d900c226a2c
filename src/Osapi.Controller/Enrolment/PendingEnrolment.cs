using Osapi.Transport.Enrolment;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Enrolment;

/// <summary>A request to enroll that was heard.</summary>
/// <param name="Request">The request.</param>
/// <param name="Key">Its key.</param>
/// <param name="Size">Its size in bytes.</param>
internal sealed record PendingEnrolment(EnrolmentRequest Request, AgentPublicKey Key, int Size)
{
    /// <summary>The host.</summary>
    public string HostKey { get; } = Osapi.Transport.Jobs.HostKey.Of(Request.Name);

    /// <summary>The reason why an operator has to decide.</summary>
    public required string Reason { get; init; }

    /// <summary>True when it is not listed, because an operator rejected it.</summary>
    public bool IsRejected { get; init; }

    /// <summary>The time of the first request.</summary>
    public required DateTimeOffset FirstHeard { get; init; }

    /// <summary>The timestamp of the last request.</summary>
    public required long LastHeard { get; init; }
}
