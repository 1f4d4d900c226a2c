using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Transport;

namespace Osapi.Controller.Files;

/// <summary>Registers the services of the object store.</summary>
internal static class FileServices
{
    public static void AddFiles(this IServiceCollection services, NodeEnvironment node)
    {
        services.AddSingleton(new UploadSpool(Path.Combine(node.StateDirectory, "uploads")));
        services.AddSingleton<FileStore>();
        services.AddSingleton<StoredFileHandlers>();
        services.AddSingleton<UploadEndpoint>();
        services.AddSingleton<DownloadEndpoint>();
    }

    /// <summary>Maps the download, which does not return JSON and so is not an operation of the catalog.</summary>
    public static void MapDownload(this IEndpointRouteBuilder routes) => routes
        .MapMethods(FileOperations.ContentRoute.Template, ControllerEndpoints.HttpMethodsOf(FileOperations.ContentRoute), routes.ServiceProvider.GetRequiredService<DownloadEndpoint>().HandleAsync)
        .RequireAuthorization(Permissions.FileRead);
}
