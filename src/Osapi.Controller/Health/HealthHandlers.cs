using Microsoft.AspNetCore.Http;
using Osapi.Controller.Agents;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations.Health;
using Osapi.Transport;

namespace Osapi.Controller.Health;

/// <summary>The handlers of the health operations.</summary>
internal sealed class HealthHandlers(ITransport transport, RosterReconciler roster, JobIndexHealth health)
{
    // Liveness means that requests are answered; dependencies are part of readiness.
    public static Task<HealthStatus> LivenessAsync(GetLiveness request, HttpContext context) => Task.FromResult(new HealthStatus("ok"));

    public async Task<ReadyStatus> ReadyAsync(GetReadiness request, HttpContext context)
    {
        try
        {
            await transport.PingAsync(context.RequestAborted);
            roster.RequireComplete();
            health.Refuse();
            return new("ready");
        }
        catch (TransportException exception)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return new("not_ready", exception.Message);
        }
    }
}
