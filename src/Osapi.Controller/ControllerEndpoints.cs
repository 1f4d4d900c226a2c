using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Files;
using Osapi.Controller.Jobs;
using Osapi.Controller.OpenApi;
using Osapi.Controller.Operations;
using Osapi.Controller.Problems;
using Osapi.Operations;

namespace Osapi.Controller;

/// <summary>Where a controller answers what: every operation of the catalog, and its own description.</summary>
internal static class ControllerEndpoints
{
    /// <summary>Newer clients of the Go reference put this before every path.</summary>
    private const string Alias = "/api";

    public static void MapController(this WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.UsePathBase(Alias);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        foreach (var operation in OperationCatalog.Default)
        {
            var endpoint = app.MapMethods(operation.Route.Template, [operation.Route.Method], Answer(app.Services, operation)).WithMetadata(operation);
            if (operation.Permission is { } permission)
                endpoint.RequireAuthorization(permission);
        }

        app.MapDownload();
        app.MapJobEvents();
        app.MapGet("/openapi.json", context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(OpenApiDocument.Text(OperationCatalog.Default, ProductVersion.Text));
        });
    }

    private static RequestDelegate Answer(IServiceProvider services, Operation operation)
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
