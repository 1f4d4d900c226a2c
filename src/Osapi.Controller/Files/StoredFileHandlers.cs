using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Osapi.Controller.Auth;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Controller.Files;

/// <summary>The handlers of the stored-file operations.</summary>
internal sealed class StoredFileHandlers(FileStore store)
{
    /// <summary>Stores the uploaded content.</summary>
    public Task<UploadResult> UploadAsync(UploadFile request, HttpContext context) =>
        store.StoreAsync(request, context.Features.GetRequiredFeature<ReceivedContent>(), context.RequestAborted);

    /// <summary>Checks the changes that storing the uploaded content would make.</summary>
    public Task<CheckResult> CheckUploadAsync(UploadFile request, HttpContext context) =>
        store.CheckStoreAsync(request, context.Features.GetRequiredFeature<ReceivedContent>(), MayRead(context), context.RequestAborted);

    public Task<FileList> ListAsync(ListFiles request, HttpContext context) => store.ListAsync(context.RequestAborted);

    public Task<StoredFile> GetAsync(GetFile request, HttpContext context) => store.GetAsync(request.Name, context.RequestAborted);

    public Task<DeleteResult> DeleteAsync(DeleteFile request, HttpContext context) => store.DeleteAsync(request.Name, context.RequestAborted);

    public Task<CheckResult> CheckDeleteAsync(DeleteFile request, HttpContext context) => store.CheckDeleteAsync(request.Name, MayRead(context), context.RequestAborted);

    // A caller may replace a stored file without permission to read it.
    private static bool MayRead(HttpContext context) => Roles.Permit(context.User, Permissions.FileRead);
}
