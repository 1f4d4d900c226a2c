using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Osapi.Controller.Auth;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Controller.Files;

/// <summary>How the controller answers questions about stored files.</summary>
internal sealed class FileHandlers(FileStore store)
{
    /// <summary>Stores the content that came with the request.</summary>
    public Task<UploadResult> UploadAsync(UploadFile request, HttpContext context) =>
        store.StoreAsync(request, context.Features.GetRequiredFeature<ReceivedContent>(), context.RequestAborted);

    /// <summary>What storing the content that came with the request would change.</summary>
    public Task<CheckResult> CheckUploadAsync(UploadFile request, HttpContext context) =>
        store.CheckStoreAsync(request, context.Features.GetRequiredFeature<ReceivedContent>(), MayRead(context), context.RequestAborted);

    public Task<FileList> ListAsync(ListFiles request, HttpContext context) => store.ListAsync(context.RequestAborted);

    public Task<StoredFile> GetAsync(GetFile request, HttpContext context) => store.GetAsync(request.Name, context.RequestAborted);

    public Task<DeleteResult> DeleteAsync(DeleteFile request, HttpContext context) => store.DeleteAsync(request.Name, context.RequestAborted);

    public Task<CheckResult> CheckDeleteAsync(DeleteFile request, HttpContext context) => store.CheckDeleteAsync(request.Name, MayRead(context), context.RequestAborted);

    // What is stored may be changed without the right to read it.
    private static bool MayRead(HttpContext context) => Roles.Permit(context.User, Permissions.FileRead);
}
