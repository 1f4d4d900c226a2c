using System.Net;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Auth;
using Osapi.Controller.Health;
using Osapi.Controller.Problems;
using Osapi.Operations;

namespace Osapi.Controller.Metrics;

/// <summary>The endpoint of the metrics. They are read at each request, and name no host, job or caller.</summary>
internal sealed class MetricsEndpoint(MetricCollector collector, ControllerReadiness readiness, ControllerOptions options, TimeProvider time)
{
    private readonly DateTimeOffset began = time.GetUtcNow();

    public async Task HandleAsync(HttpContext context)
    {
        if (!IsOpenTo(context) && !Roles.Permit(context.User, Permissions.HealthRead))
        {
            var isKnown = CallerIdentity.Of(context) is not null;
            if (!isKnown)
                context.Response.Headers.WWWAuthenticate = "Bearer";
            await ProblemBody.WriteAsync(context, isKnown ? 403 : 401, isKnown ? $"insufficient permissions: {Permissions.HealthRead} is required" : "bearer token required");
            return;
        }

        var state = await readiness.ReadAsync(context.RequestAborted);
        PrometheusText text = new();
        foreach (var (instrument, series) in collector.Collect())
            text.Add(instrument, series);
        text.Add("osapi_build_info", "gauge", "The version of the controller.", 1, $"version=\"{ProductVersion.Text}\"")
            .Add("osapi_ready", "gauge", "1 when the controller accepts jobs.", state.Problems.Count == 0 ? 1 : 0)
            .Add("osapi_disk_free_bytes", "gauge", "Free space of the file system with the state directory.", state.DiskFree)
            .Add("osapi_disk_size_bytes", "gauge", "Size of the file system with the state directory.", state.DiskSize)
            .Add("process_start_time_seconds", "gauge", "Start of the controller, in seconds since 1970.", began.ToUnixTimeMilliseconds() / 1000.0)
            .Add("process_cpu_seconds_total", "counter", "Processor time of the process.", Environment.CpuUsage.TotalTime.TotalSeconds)
            .Add("process_resident_memory_bytes", "gauge", "Resident memory of the process.", Environment.WorkingSet);
        if (state.LogLag is { } lag)
            text.Add("osapi_log_lag_messages", "gauge", "Messages of the log of jobs that the read model does not have yet.", lag);
        context.Response.ContentType = PrometheusText.ContentType;
        await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    private bool IsOpenTo(HttpContext context) => options.MetricsAccess switch
    {
        MetricsAccess.Everyone => true,
        MetricsAccess.Local => context.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address),
        _ => false,
    };
}
