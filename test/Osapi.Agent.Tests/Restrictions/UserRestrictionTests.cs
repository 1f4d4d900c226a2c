using Osapi.Agent.Tests.Files;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Restrictions;

/// <summary>Tests of an agent, running as root, whose configuration limits the users whose files it changes.</summary>
public sealed class UserRestrictionTests : FileTest
{
    public override async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("NOT TESTED: files of other users, because that needs root.");
        await base.InitializeAsync();
        await fixture.StoreAsync("app.conf", "new");
    }

    [Fact]
    public async Task Files_are_neither_given_to_a_denied_user_nor_taken_from_one()
    {
        await fixture.DeployAsync(fixture.Request("daemons.conf") with { Owner = "daemon" });
        fixture.Restrictions = new() { Deny = new() { Users = ["daemon"] } };

        await fixture.FailAsync(fixture.Request() with { Owner = "daemon" }, ErrorType.Denied);
        await fixture.FailAsync(fixture.Request() with { Owner = "1" }, ErrorType.Denied);
        await fixture.FailAsync(fixture.Request("daemons.conf") with { Owner = "bin" }, ErrorType.Denied);
        Assert.Equal(ErrorType.Denied, (await fixture.RunAsync(FileOperations.Undeploy, new() { Path = fixture.PathOf("daemons.conf") })).ErrorType);
        Assert.Equal(["daemons.conf"], Directory.GetFiles(fixture.Tree).Select(Path.GetFileName));

        await fixture.DeployAsync(fixture.Request() with { Owner = "bin" });
    }

    [Fact]
    public async Task A_file_without_an_owner_would_belong_to_root()
    {
        fixture.Restrictions = new() { Allow = new() { Users = ["daemon", "no-such-user"] } };

        await fixture.FailAsync(fixture.Request(), ErrorType.Denied);
        await fixture.FailAsync(fixture.Request("deep/app.conf") with { CreateParents = true }, ErrorType.Denied);
        Assert.Equal(ErrorType.Denied, (await fixture.RunAsync(FileOperations.Deploy, fixture.Request(), check: true)).ErrorType);
        Assert.Empty(Directory.GetFileSystemEntries(fixture.Tree));

        await fixture.DeployAsync(fixture.Request() with { Owner = "daemon" });
    }
}
