using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Groups;
using Osapi.Operations.Users;

namespace Osapi.Hosts.Tests.Users;

/// <summary>Tests of users and groups that a host knows from a directory service, which here is a small module of the name service.</summary>
[Collection("hosts, one class after the other")]
public sealed class NameServiceTests(LightHosts hosts) : IClassFixture<LightHosts>
{
    private const string Module = """
        #include <grp.h>
        #include <nss.h>
        #include <pwd.h>
        #include <string.h>
        static char *members[] = { "acme-ldap", 0 };
        enum nss_status _nss_acme_getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size, int *error)
        {
            if (strcmp(name, "acme-ldap"))
                return NSS_STATUS_NOTFOUND;
            *entry = (struct passwd){ "acme-ldap", "x", 4400, 4400, "From afar", "/home/acme-ldap", "/bin/sh" };
            return NSS_STATUS_SUCCESS;
        }
        enum nss_status _nss_acme_getgrnam_r(const char *name, struct group *entry, char *buffer, size_t size, int *error)
        {
            if (strcmp(name, "acme-ldap"))
                return NSS_STATUS_NOTFOUND;
            *entry = (struct group){ "acme-ldap", "x", 4400, members };
            return NSS_STATUS_SUCCESS;
        }
        enum nss_status _nss_acme_getgrgid_r(gid_t number, struct group *entry, char *buffer, size_t size, int *error)
        {
            return number == 4400 ? _nss_acme_getgrnam_r("acme-ldap", entry, buffer, size, error) : NSS_STATUS_NOTFOUND;
        }
        """;

    [Fact]
    public async Task An_account_that_is_not_in_the_hosts_own_files_is_read_and_never_changed()
    {
        var host = await hosts.GetAsync("h1");
        await File.WriteAllTextAsync(host.Outside("/run/module.c"), Module, TestContext.Current.CancellationToken);
        await host.ShellAsync("gcc -shared -fPIC -o /usr/lib/$(gcc -print-multiarch)/libnss_acme.so.2 /run/module.c; sed -i 's/^\\(passwd\\|group\\):.*/\\1: files acme/' /etc/nsswitch.conf");

        var found = await host.ResultAsync(UserOperations.Get, new() { Name = "acme-ldap" });
        var group = await host.ResultAsync(GroupOperations.Get, new() { Name = "acme-ldap" });

        Assert.Equal(("acme-ldap", 4400L, "From afar", false, null), (found.Name, found.Uid, found.Comment, found.Local, found.Password));
        Assert.Equal((4400L, "acme-ldap", false), (group.Gid, Assert.Single(group.Members), group.Local));
        Assert.Empty((await host.ResultAsync(UserOperations.List, new() { Name = "acme-ldap" })).Users);
        const string Reason = "acme-ldap comes from a directory service and is not in the host's own files, so it is changed there only";
        await host.RefusedAsync(UserOperations.Update, new() { Name = "acme-ldap", Comment = "x" }, ErrorType.Conflict, $"the user {Reason}");
        await host.RefusedAsync(UserOperations.Delete, new() { Name = "acme-ldap", Force = true }, ErrorType.Conflict, $"the user {Reason}");
        await host.RefusedAsync(UserOperations.UpdatePassword, new() { Name = "acme-ldap", PasswordHash = AccountFixture.Hash }, ErrorType.Conflict, $"the user {Reason}");
        await host.RefusedAsync(UserOperations.Update, new() { Name = "acme", Groups = ["acme-ldap"] }, ErrorType.Conflict, $"the group {Reason}");
        await host.RefusedAsync(GroupOperations.Update, new() { Name = "acme-ldap" }, ErrorType.Conflict, $"the group {Reason}");
        await host.RefusedAsync(GroupOperations.Delete, new() { Name = "acme-ldap" }, ErrorType.Conflict, $"the group {Reason}");
        // It can be a member of a group of the host, and its group the primary one of a user.
        await host.StepAsync(GroupOperations.Update, new() { Name = "acme", Members = ["acme-ldap"] }, changes: true);
        await host.StepAsync(UserOperations.Update, new() { Name = "acme-two", Group = "acme-ldap" }, changes: true);
        await host.StepAsync(UserOperations.Update, new() { Name = "acme-two", Group = "acme-ldap" }, changes: false);
    }
}
