using Osapi.Operations;
using Osapi.Transport;

namespace Osapi.Controller.Jobs;

/// <summary>The store broke off, or took too long, while a job was being accepted: it may be there. What is there is carried out.</summary>
internal sealed class UncertainJobException(JobId jobId, TransportException cause)
    : TransportException($"job {jobId} may have been accepted: ask for it, or send the same request again with this id as Idempotency-Key ({cause.Message})", cause)
{
    public JobId JobId => jobId;
}
