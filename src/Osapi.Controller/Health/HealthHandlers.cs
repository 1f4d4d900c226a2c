using Microsoft.AspNetCore.Http;
using Osapi.Operations.Health;

namespace Osapi.Controller.Health;

/// <summary>The handlers of the health operations.</summary>
internal sealed class HealthHandlers(ControllerReadiness readiness)
{
    // Liveness means that requests are answered; dependencies are part of readiness.
    public static Task<HealthStatus> LivenessAsync(GetLiveness request, HttpContext context) => Task.FromResult(new HealthStatus("ok"));

    public async Task<ReadyStatus> ReadyAsync(GetReadiness request, HttpContext context)
    {
        var state = await readiness.ReadAsync(context.RequestAborted);
        if (state.Problems.Count == 0)
            return new("ready");
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return new("not_ready", string.Join("; ", state.Problems));
    }
}
