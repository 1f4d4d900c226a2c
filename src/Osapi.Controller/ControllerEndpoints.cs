using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Audit;
using Osapi.Controller.Auth;
using Osapi.Controller.Files;
using Osapi.Controller.Jobs;
using Osapi.Controller.Limits;
using Osapi.Controller.Metrics;
using Osapi.Controller.OpenApi;
using Osapi.Controller.Operations;
using Osapi.Controller.Problems;
using Osapi.Controller.Runs;
using Osapi.Operations;

namespace Osapi.Controller;

/// <summary>Maps the endpoints of a controller: every operation of the catalog, and its own description.</summary>
internal static class ControllerEndpoints
{
    /// <summary>Newer clients of the Go reference prefix every path with this.</summary>
    private const string Alias = "/api";

    public static void MapController(this WebApplication app)
    {
        // Before the first request, so that every measurement is collected.
        app.Services.GetRequiredService<MetricCollector>();
        app.UseMiddleware<ConnectionBusy>();
        app.UseMiddleware<RequestMetrics>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<AuditMiddleware>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<BrokerWait>();
        app.UsePathBase(Alias);
        app.UseRouting();
        app.UseMiddleware<TokenAuthentication>();
        app.UseMiddleware<RequestLimit>();
        app.UseMiddleware<PermissionCheck>();
        foreach (var operation in OperationCatalog.Default)
        {
            var endpoint = app.MapMethods(operation.Route.Template, HttpMethodsOf(operation.Route), WriteResponse(app.Services, operation)).WithMetadata(operation);
            if (operation.Permission is { } permission)
                endpoint.RequireAuthorization(permission);
            else if (operation.RequiresToken)
                endpoint.RequireAuthorization();
        }

        app.MapDownload();
        app.MapJobEvents();
        app.MapRunEvents();
        app.MapJobOutput();
        app.MapSubmission();
        app.MapMethods("/metrics", HttpMethodsOf(HttpRoute.Get("/metrics")), app.Services.GetRequiredService<MetricsEndpoint>().HandleAsync);
        app.MapAuditExport();
        app.MapMethods("/openapi.json", HttpMethodsOf(HttpRoute.Get("/openapi.json")), context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(OpenApiDocument.Text(OperationCatalog.Default, ProductVersion.Text));
        });
    }

    /// <summary>Gets the HTTP methods of a route: HEAD is added to GET (RFC 9110, 9.3.2). The server omits the body.</summary>
    public static IEnumerable<string> HttpMethodsOf(HttpRoute route) => route.Method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [route.Method];

    private static RequestDelegate WriteResponse(IServiceProvider services, Operation operation)
    {
        if (operation.RunsOn == RunsOn.Host)
        {
            var onHosts = services.GetRequiredService<HostOperationEndpoint>();
            return context => onHosts.HandleAsync(context, operation);
        }

        if (operation.Route.IsForm)
        {
            var uploads = services.GetRequiredService<UploadEndpoint>();
            return context => uploads.HandleAsync(context, operation);
        }

        var here = services.GetRequiredService<ControllerOperationEndpoint>();
        return context => here.HandleAsync(context, operation);
    }
}
