using System.Text.Json.Nodes;
using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Operations.Tests;

public sealed class FileContractTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("nginx.conf")]
    [InlineData("dir/sub/.hidden")]
    [InlineData("...")]
    [InlineData("..a/b..")]
    [InlineData("Grüße 世界.tmpl")]
    [InlineData("a b\\c%2F")]
    [InlineData("@fact.hostname.conf")]
    public void An_object_name_may_be(string name) => Assert.Equal(name, Text.Parse<ObjectName>(name).Value);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("../../etc/passwd")]
    [InlineData("@fact.hostname/../../etc/passwd")]
    [InlineData("/@fact.hostname")]
    [InlineData("a/./b")]
    [InlineData("a/..")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    [InlineData("a\u007f")]
    public void An_object_name_may_not_be(string name) => Assert.Null(Text.TryParse<ObjectName>(name));

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    [InlineData(10_000_000, false)]
    public void An_object_name_has_at_most_255_bytes(int length, bool allowed) => Assert.Equal(allowed, Text.TryParse<ObjectName>(new string('x', length)) is not null);

    [Theory]
    [InlineData("/etc/app.conf", true)]
    [InlineData("/a", true)]
    [InlineData("/", false)]
    [InlineData("etc/app.conf", false)]
    [InlineData("/etc/../shadow", false)]
    [InlineData("/etc//app.conf", false)]
    [InlineData("/etc/", false)]
    [InlineData("/etc/a\0", false)]
    [InlineData("", false)]
    public void A_path_is_absolute_and_plain(string path, bool allowed) => Assert.Equal(allowed, Text.TryParse<FilePath>(path) is not null);

    [Fact]
    public void A_path_has_at_most_4095_bytes()
    {
        // Sixteen names of 254 bytes, each with its slash, are 4080.
        var path = string.Concat(Enumerable.Repeat("/" + new string('x', 254), 16));

        Assert.NotNull(Text.TryParse<FilePath>(path + "/" + new string('x', 14)));
        Assert.Null(Text.TryParse<FilePath>(path + "/" + new string('x', 15)));
        Assert.Null(Text.TryParse<FilePath>(path + "/" + new string('é', 8)));
        Assert.Null(Text.TryParse<FilePath>("/" + new string('x', 10_000_000)));
    }

    [Fact]
    public void A_name_in_a_path_has_at_most_255_bytes()
    {
        Assert.NotNull(Text.TryParse<FilePath>("/srv/" + new string('x', 255)));
        Assert.Null(Text.TryParse<FilePath>("/srv/" + new string('x', 256)));
        Assert.Null(Text.TryParse<FilePath>("/srv/" + new string('é', 128) + "/a"));
    }

    [Theory]
    [InlineData("0644", "0644")]
    [InlineData("644", "0644")]
    [InlineData("0", "0000")]
    [InlineData("07777", "07777")]
    [InlineData("4755", "04755")]
    public void A_mode_is_octal(string text, string plain) => Assert.Equal(plain, Text.Parse<OctalMode>(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("0o644")]
    [InlineData("0888")]
    [InlineData("17777")]
    [InlineData("rw-r--r--")]
    [InlineData("-1")]
    public void A_mode_is_nothing_else(string text) => Assert.Null(Text.TryParse<OctalMode>(text));

    [Fact]
    public void All_problems_of_a_deployment_are_reported_at_once()
    {
        var members = JsonNode.Parse("""
            {"object_name":"../../etc/passwd","path":"app.conf","content_type":"text","mode":"0888","owner":"-x","group":7,"backup":"yes","vars":[1],"unheard":1}
            """)!.AsObject();

        Assert.Equal(
            [
                "object_name must be an object name: 1 to 255 bytes without control characters, no slash at either end, no segment that is empty, '.' or '..'",
                "path must be an absolute path of a file, without control characters, no slash at the end, no segment that is empty, '.', '..' or longer than 255 bytes",
                "content_type must be one of raw, template",
                "mode must be an octal file mode from 0 to 07777, such as 0644",
                "owner must be the name or number of a user or group: at most 256 characters, no ':', ',', '/' or control characters, no space at either end, not beginning with '-', '+', '~' or '@'",
                "group must be the name or number of a user or group: at most 256 characters, no ':', ',', '/' or control characters, no space at either end, not beginning with '-', '+', '~' or '@'",
                "backup must be true or false",
                "vars must be an object",
                "unheard is unknown",
            ],
            RequestBinder.Bind(FileOperations.Deploy.RequestInfo, members).Problems.Select(problem => problem.ToString()));
    }
}
