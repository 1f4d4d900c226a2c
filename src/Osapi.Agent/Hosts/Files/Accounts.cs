using System.Globalization;
using System.Runtime.InteropServices;

namespace Osapi.Agent.Hosts.Files;

/// <summary>
/// Looks up users and groups of the machine in all its sources (getpwnam(3), nsswitch.conf(5)). As with chown(1), a
/// name that consists of digits takes precedence over the number.
/// </summary>
internal static partial class Accounts
{
    private const int RangeError = 34, MaxBufferSize = 16 * 1024 * 1024;

    // struct passwd starts with two pointers, then the user's and the group's number; struct group with two pointers,
    // then the number.
    private static readonly int Number = 2 * IntPtr.Size;

    /// <summary>Gets the user for whom the kernel checks permissions.</summary>
    public static uint EffectiveUser => GetEffectiveUser();

    public static uint? FindUser(string name) => FindId(name, GetPwNam);

    public static uint? FindGroup(string name) => FindId(name, GetGrNam);

    /// <summary>Gets the name of a user; the number when there is no name.</summary>
    public static string UserName(uint id) => NameOf(id, GetPwUid);

    /// <summary>Gets the name of a group; the number when there is no name.</summary>
    public static string GroupName(uint id) => NameOf(id, GetGrGid);

    private static uint? FindId(string name, Lookup<string> lookup) =>
        Find(name, lookup, entry => (uint?)Marshal.ReadInt32(entry, Number))
        // The largest number means "unchanged" to chown(2).
        ?? (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id != uint.MaxValue ? id : null);

    private static string NameOf(uint id, Lookup<uint> lookup) =>
        Find(id, lookup, entry => Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry))) ?? id.ToString(CultureInfo.InvariantCulture);

    private static TResult? Find<TKey, TResult>(TKey key, Lookup<TKey> lookup, Func<IntPtr, TResult?> read)
    {
        // Large enough for either structure on any libc.
        var entry = Marshal.AllocHGlobal(256);
        try
        {
            for (var size = 4096; size <= MaxBufferSize; size *= 4)
            {
                var buffer = Marshal.AllocHGlobal(size);
                try
                {
                    var error = lookup(key, entry, buffer, (nuint)size, out var found);
                    if (error != RangeError)
                        return found == IntPtr.Zero ? default : read(entry);
                }
                finally
                {
                    Marshal.FreeHGlobal(buffer);
                }
            }

            return default;
        }
        finally
        {
            Marshal.FreeHGlobal(entry);
        }
    }

    private delegate int Lookup<in TKey>(TKey key, IntPtr entry, IntPtr buffer, nuint size, out IntPtr found);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetPwNam(string name, IntPtr entry, IntPtr buffer, nuint size, out IntPtr found);

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetGrNam(string name, IntPtr entry, IntPtr buffer, nuint size, out IntPtr found);

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static partial int GetPwUid(uint id, IntPtr entry, IntPtr buffer, nuint size, out IntPtr found);

    [LibraryImport("libc", EntryPoint = "getgrgid_r")]
    private static partial int GetGrGid(uint id, IntPtr entry, IntPtr buffer, nuint size, out IntPtr found);
}
