namespace Osapi.Operations.Users;

/// <summary>The parts that the examples share.</summary>
internal static class UserExamples
{
    /// <summary>A hash of a random text, which is no password of anybody.</summary>
    public const string Hash = "$6$acmeacme$xP6EjVcXtPKYd9JLjNbOcugIPHNgzy7Q0zr60v1yS.wp4HnnfWIKMtrdnnZ2ascMd/PcxiVIAr5QkHij1y4Bk/";

    public const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFsLLGJvNX2muduionZfGAFf3fwVrcgkyvEv5JwwveOB deploy@example.com";

    public const string Fingerprint = "SHA256:5hCuYINQHuoTx3sbmSZQbLDVrqYvvoH8Pz4tzPnrmjw";

    public const string KeyPath = "/home/deploy/.ssh/authorized_keys";

    public static UserAccount Account => new()
    {
        Name = "deploy",
        Uid = 1000,
        Gid = 1000,
        Group = "deploy",
        Groups = ["www-data"],
        Home = "/home/deploy",
        Shell = "/bin/bash",
        Comment = "Deployment",
        Locked = true,
        Password = PasswordState.Locked,
        Local = true,
    };
}
