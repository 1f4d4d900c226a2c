using Osapi.Operations.Groups;
using Osapi.Operations.Json;
using Osapi.Operations.Users;

namespace Osapi.Operations.Tests.Users;

public sealed class UserRequestTests
{
    private const string Hash = "$5$acmeacme$Kvr1Y0Ln5A4nqV6RKJbVb9FfDhkxOqP9q7p2YsEz6I1";

    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFsLLGJvNX2muduionZfGAFf3fwVrcgkyvEv5JwwveOB";

    [Theory]
    [InlineData("deploy")]
    [InlineData("_apt")]
    [InlineData("systemd-network")]
    [InlineData("Debian-exim")]
    [InlineData("first.last")]
    [InlineData("a")]
    [InlineData("a2345678901234567890123456789012")]
    public void Names_of_users_and_groups_are_accepted(string name) => Assert.Equal((name, name), (((UserName)name).Value, ((GroupName)name).Value));

    [Theory]
    [InlineData("")]
    [InlineData("-r")]
    [InlineData("--root")]
    [InlineData("1000")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("a,b")]
    [InlineData("a/b")]
    [InlineData("../a")]
    [InlineData("a;b")]
    [InlineData("a'b")]
    [InlineData("a\nb")]
    [InlineData("a\n")]
    [InlineData("a\0b")]
    [InlineData("+a")]
    [InlineData("~a")]
    [InlineData("ä")]
    [InlineData("a23456789012345678901234567890123")]
    public void What_a_tool_would_take_for_something_else_is_refused(string name)
    {
        Assert.Throws<FormatException>(() => (UserName)name);
        Assert.Throws<FormatException>(() => (GroupName)name);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("!")]
    [InlineData(Hash)]
    [InlineData("$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7")]
    [InlineData("$6$rounds=5000$acmeacme$xP6EjVcXtPKYd9JLjNbOcugIPHNgzy7Q0zr60v1yS.wp4HnnfWIKMtrdnnZ2ascMd/PcxiVIAr5QkHij1y4Bk/")]
    [InlineData("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW")]
    public void Hashes_of_passwords_are_accepted_and_never_printed(string hash)
    {
        PasswordHash accepted = hash;

        Assert.Equal((hash, "***"), (accepted.Value, accepted.ToString()));
        Assert.DoesNotContain(accepted.Value.Length > 1 ? hash : "\0", new UpdateUser { Name = "deploy", PasswordHash = accepted }.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("!!")]
    [InlineData("$1$acme$acmeacmeacmeacmeacmeac")]
    [InlineData("$6$acmeacme$short")]
    [InlineData(Hash + ":0")]
    [InlineData(Hash + "\n")]
    [InlineData("!" + Hash)]
    public void A_plain_password_is_refused_and_not_repeated(string text)
    {
        var refused = Assert.Throws<FormatException>(() => (PasswordHash)text);

        Assert.StartsWith("The text is not the hash of a password", refused.Message, StringComparison.Ordinal);
        if (text.Length > 3)
            Assert.DoesNotContain(text, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hashes_are_secret_members()
    {
        Assert.Equal(["password_hash"], UserOperations.Update.Secrets.Keys);
        Assert.Equal(["password_hash"], UserOperations.UpdatePassword.Secrets.Keys);
    }

    [Theory]
    [InlineData("1970-01-02", 1)]
    [InlineData("2031-02-03", 22_313)]
    [InlineData("never", null)]
    public void Dates_are_days_since_1970(string text, int? days)
    {
        AccountExpiry expiry = text;

        Assert.Equal(days, expiry.Days);
        Assert.Equal(days is null ? null : text, AccountExpiry.Of(expiry.Days));
    }

    [Theory]
    [InlineData("1970-01-01")]
    [InlineData("2031-02-30")]
    [InlineData("2031-2-3")]
    [InlineData("-1")]
    [InlineData("tomorrow")]
    public void What_is_no_date_is_refused(string text) => Assert.Throws<FormatException>(() => (AccountExpiry)text);

    [Theory]
    [InlineData(Key, null, null)]
    [InlineData(Key + " a comment", null, "a comment")]
    [InlineData("restrict " + Key + " c", "restrict", "c")]
    [InlineData("command=\"a b \\\" c\",no-pty " + Key, "command=\"a b \\\" c\",no-pty", null)]
    public void The_parts_of_a_key_are_found(string line, string? options, string? comment)
    {
        var found = ((AuthorizedKey)line).Line;

        Assert.Equal((options, comment, "ssh-ed25519", "SHA256:5hCuYINQHuoTx3sbmSZQbLDVrqYvvoH8Pz4tzPnrmjw"), (found.Options, found.Comment, found.Type, found.Fingerprint));
        Assert.Equal(line, found.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("# " + Key)]
    [InlineData("ssh-ed25519")]
    [InlineData("ssh-ed25519 AAAA")]
    [InlineData("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIFsLLGJvNX2muduionZfGAFf3fwVrcgkyvEv5JwwveOB")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5//////////////////////")]
    [InlineData("command=\"a " + Key)]
    [InlineData(Key + "\n" + Key)]
    [InlineData(Key + "\0")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----")]
    public void What_is_no_key_is_refused(string line) => Assert.Throws<FormatException>(() => (AuthorizedKey)line);

    [Fact]
    public void A_text_of_any_parts_is_a_key_or_none_and_never_an_error()
    {
        string[] parts = ["ssh-ed25519", " ", "\"", "\\", "AAAAC3NzaC1lZDI1NTE5", "AAAA", "=", "#", "\t", Key, ",", "\u00fc", "//////", "restrict"];
        for (var seed = 0; seed < Fuzz.Times(100_000); seed++)
        {
            Random random = new(seed);
            var line = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => parts[random.Next(parts.Length)]));
            if (AuthorizedKeyLine.Find(line) is { } found)
                Assert.Equal(found, AuthorizedKeyLine.Find(found.ToString()));
        }
    }

    [Fact]
    public void Rules_over_several_members()
    {
        UpdateUser user = new() { Name = "deploy" };

        Assert.Empty(Problems(user with { PasswordHash = "!", Locked = true, Groups = [], GroupsExclusive = true }));
        Assert.Equal(
            ["home must not contain ':'", "shell must not contain ':'", "comment must not contain ':' or control characters", "groups must not name sudo twice", "password_when needs password_hash"],
            Problems(user with { Home = "/a:b", Shell = "/bin/a:b", Comment = "a:b", Groups = ["sudo", "sudo"], PasswordWhen = PasswordPolicy.Always }));
        Assert.Equal(["groups_exclusive needs groups", "move_home needs home"], Problems(user with { GroupsExclusive = true, MoveHome = true }));
        Assert.Equal(["comment must not contain ':' or control characters"], Problems(user with { Comment = "a\nroot::0:0::/:/bin/sh" }));
        Assert.Equal(["locked must not be false for a password_hash of !"], Problems(user with { PasswordHash = "!", Locked = false }));
        Assert.Equal(["members must not name a twice"], Problems(new UpdateGroup { Name = "g", Members = ["a", "a"] }));
        Assert.Equal(["members_exclusive needs members"], Problems(new UpdateGroup { Name = "g", MembersExclusive = true }));
        Assert.Equal(["exclusive must not be true for keys that are absent"], Problems(new UpdateAuthorizedKeys { Name = "a", Keys = [Key], Exclusive = true, State = AuthorizedKeyState.Absent }));
        Assert.Equal(["keys must not be empty unless exclusive is true"], Problems(new UpdateAuthorizedKeys { Name = "a", Keys = [] }));
        Assert.Equal(["keys must not have SHA256:5hCuYINQHuoTx3sbmSZQbLDVrqYvvoH8Pz4tzPnrmjw twice"], Problems(new UpdateAuthorizedKeys { Name = "a", Keys = [Key, "restrict " + Key] }));
    }

    private static IEnumerable<string> Problems(IValidatable request) => request.Validate().Select(problem => problem.ToString());
}
