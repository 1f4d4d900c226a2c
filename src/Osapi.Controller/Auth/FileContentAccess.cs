using Microsoft.AspNetCore.Http;
using Osapi.Operations;

namespace Osapi.Controller.Auth;

/// <summary>
/// Who is shown the content of files that not everybody on their host may read. The caller's permission decides what hosts put
/// into their answers; each reader's own decides what he sees of them.
/// </summary>
internal static class FileContentAccess
{
    /// <summary>True when the caller has the permission.</summary>
    public static bool MaySeeFileContent(this HttpContext context) => Roles.Permit(context.User, Permissions.FileContent);

    /// <summary>The entries as the caller may see them.</summary>
    public static IReadOnlyList<HostReply> VisibleTo(this IReadOnlyList<HostReply> entries, HttpContext context) =>
        context.MaySeeFileContent() ? entries : [.. entries.Select(entry => entry.WithoutFileContent())];
}
