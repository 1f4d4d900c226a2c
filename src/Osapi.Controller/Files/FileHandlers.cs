using Microsoft.AspNetCore.Http;
using Osapi.Operations.Files;

namespace Osapi.Controller.Files;

/// <summary>How the controller answers questions about stored files.</summary>
internal sealed class FileHandlers(FileStore store)
{
    public Task<FileList> ListAsync(ListFiles request, HttpContext context) => store.ListAsync(context.RequestAborted);

    public Task<StoredFile> GetAsync(GetFile request, HttpContext context) => store.GetAsync(request.Name, context.RequestAborted);

    public Task<DeleteResult> DeleteAsync(DeleteFile request, HttpContext context) => store.DeleteAsync(request.Name, context.RequestAborted);
}
