using Osapi.Operations;
using Osapi.Transport;

namespace Osapi.Controller.Jobs;

/// <summary>The exception for a failure or timeout of the store while a job was being accepted. The job may exist; then it runs.</summary>
internal sealed class UncertainJobException(JobId jobId, TransportException cause)
    : TransportException($"job {jobId} may have been accepted: read it by its id, or send the same request again with this id as Idempotency-Key ({cause.Message})", cause)
{
    public JobId JobId => jobId;
}
